import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Spinner from '@cloudscape-design/components/spinner';
import { Suspense, useEffect } from 'react';
import { useNameOf } from './crumb';
import { RefusalAlert, Empty } from './Shown';
import { Failed } from './Failed';
import { Frame } from './Frame';
import { placeOf } from './pages';
import { navigate, useRoute } from './route';
import { resume, useAccess, useSession } from './session';
import { SignIn } from './SignIn';
import { text } from '../text';

export function App() {
  const access = useAccess();
  switch (access.kind) {
    case 'asking':
      return <Waiting />;
    case 'out':
      return <SignIn why={access.why} />;
    case 'away':
      return (
        <main className="sign-in">
          <RefusalAlert title={text.signIn.away} refusal={access.refusal} onRetry={() => void resume()} />
        </main>
      );
    case 'in':
      return (
        <Frame>
          <Routed />
        </Frame>
      );
  }
}

function Waiting() {
  return (
    <Box textAlign="center" padding={{ vertical: 'xxxl' }}>
      <Spinner size="large" /> <span>{text.common.loading}</span>
    </Box>
  );
}

function Routed() {
  const route = useRoute();
  const session = useSession();
  // Who sees only bills begins there.
  const elsewhere = session.role === 'billing' && !/^\/(billing|account)/.test(route.path);
  useEffect(() => {
    if (elsewhere) navigate('/billing', true);
  }, [elsewhere]);
  const place = placeOf(route);
  const id = route.params['id'] ?? '';
  const name = useNameOf(id);
  const title = place?.title || name || id || text.errors.notFound;
  useEffect(() => {
    document.title = `${title} – ${text.frame.product}`;
  }, [title]);
  if (elsewhere) return null;
  if (!place) {
    return (
      <Empty title={text.errors.notFound} hint={text.errors.notFoundHint}>
        <Button onClick={() => navigate('/instances')}>{text.errors.toInstances}</Button>
      </Empty>
    );
  }
  if (place.cloud && !session.cloudOperator) {
    return (
      <Empty title={text.errors.operatorsOnly} hint={text.errors.operatorsOnlyHint}>
        <Button onClick={() => navigate('/instances')}>{text.errors.toInstances}</Button>
      </Empty>
    );
  }
  // A tab is the same page: it keeps what it holds.
  const { Page } = place;
  return (
    <Failed key={route.params['id'] ?? route.page}>
      <Suspense fallback={<Waiting />}>
        <Page params={route.params} />
      </Suspense>
    </Failed>
  );
}
