import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { api, taken } from '../api/client';
import { asRefusal } from '../api/refusal';
import { useLoad } from '../api/useLoad';
import { Dialog } from '../app/Dialog';
import { notify } from '../app/notices';
import { CommandLine, RefusalAlert } from '../app/Shown';
import { text } from '../text';

const words = text.budgets.webhook;

/** Where alerts are sent, for owners; its secret is shown once, when it is made. */
export function Webhook() {
  const hook = useLoad(async () => {
    try {
      return { url: (await taken(api.GET('/v1/billing-webhook'))).url };
    } catch (thrown) {
      // There is none: that is an answer too.
      if (asRefusal(thrown).status === 404) return { url: undefined };
      throw thrown;
    }
  }, []);
  const [asked, setAsked] = useState<'set' | 'remove'>();
  const [secret, setSecret] = useState<string>();
  if (hook.error) {
    return <RefusalAlert title={text.errors.loadFailed(words.title)} refusal={hook.error} onRetry={hook.reload} />;
  }
  const url = hook.value?.url;
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={words.hint}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {url && <Button onClick={() => setAsked('remove')}>{words.remove}</Button>}
              <Button onClick={() => setAsked('set')}>{url ? words.change : words.set}</Button>
            </SpaceBetween>
          }
        >
          {words.title}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {secret && (
          <Alert type="success" dismissible onDismiss={() => setSecret(undefined)} header={words.secret}>
            <SpaceBetween size="xs">
              <div>{text.account.once}</div>
              <CommandLine>{secret}</CommandLine>
            </SpaceBetween>
          </Alert>
        )}
        {url ? <Box className="mono">{url}</Box> : <Box color="text-status-inactive">{words.none}</Box>}
      </SpaceBetween>
      {asked === 'set' && (
        <SetWebhook
          url={url ?? ''}
          onClose={() => setAsked(undefined)}
          onSet={(made) => {
            setSecret(made);
            notify({ type: 'success', content: words.saved });
            hook.reload();
          }}
        />
      )}
      {asked === 'remove' && (
        <Dialog
          title={words.removeQuestion}
          action={words.remove}
          onClose={() => setAsked(undefined)}
          go={async () => {
            await taken(api.DELETE('/v1/billing-webhook'));
            setSecret(undefined);
            notify({ type: 'success', content: words.removed });
            hook.reload();
          }}
        >
          <Alert type="warning">{words.removeHint}</Alert>
        </Dialog>
      )}
    </Container>
  );
}

function SetWebhook(props: { url: string; onClose: () => void; onSet: (secret: string | undefined) => void }) {
  const [url, setUrl] = useState(props.url);
  return (
    <Dialog
      title={words.title}
      action={text.common.save}
      good={/^https:\/\/\S+$/.test(url.trim())}
      onClose={props.onClose}
      go={async () => {
        const made = await taken(api.PUT('/v1/billing-webhook', { body: { url: url.trim() } }));
        props.onSet(made.secret);
      }}
    >
      <FormField label={words.address} constraintText={words.addressHint}>
        <Input value={url} type="url" spellcheck={false} autoFocus onChange={({ detail }) => setUrl(detail.value)} />
      </FormField>
      <Alert type="info">{words.newSecret}</Alert>
    </Dialog>
  );
}
