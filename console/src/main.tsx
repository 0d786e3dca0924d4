import '@cloudscape-design/global-styles/index.css';
import { I18nProvider } from '@cloudscape-design/components/i18n';
import messages from '@cloudscape-design/components/i18n/messages/all.en';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { placeOf } from './app/pages';
import { currentRoute } from './app/route';
import { resume } from './app/session';
import { applyTheme } from './app/theme';
import './app/app.css';

applyTheme();
// The page and the answer who is signed in come side by side.
void placeOf(currentRoute())?.fetch();
void resume();
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <I18nProvider locale="en" messages={[messages]}>
      <App />
    </I18nProvider>,
  );
}
