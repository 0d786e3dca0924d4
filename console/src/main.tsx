import '@cloudscape-design/global-styles/index.css';
import { I18nProvider } from '@cloudscape-design/components/i18n';
import messages from '@cloudscape-design/components/i18n/messages/all.en';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { resume } from './app/session';
import { applyTheme } from './app/theme';
import './app/app.css';

applyTheme();
void resume();
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <I18nProvider locale="en" messages={[messages]}>
      <App />
    </I18nProvider>,
  );
}
