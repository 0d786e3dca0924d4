import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Toggle from '@cloudscape-design/components/toggle';
import { useEffect, useState } from 'react';
import { asRefusal } from '../api/refusal';
import { text } from '../text';
import { signIn } from './session';

/** Takes a token once; what the cloud gives back is a cookie that no script reads. */
export function SignIn(props: { why?: string | undefined }) {
  const [token, setToken] = useState('');
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<{ field?: string; general?: string }>({});
  useEffect(() => {
    document.title = `${text.signIn.title}`;
  }, []);

  async function submit() {
    const given = token.trim();
    if (given === '') return setError({ field: text.signIn.missing });
    setBusy(true);
    setError({});
    try {
      await signIn(given);
    } catch (thrown) {
      const refusal = asRefusal(thrown);
      setError(refusal.status === 401 ? { field: `${text.signIn.wrong}: ${refusal.message}` } : { general: refusal.message });
    } finally {
      setBusy(false);
    }
  }

  return (
    <main className="sign-in">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <SpaceBetween size="l">
          <Box textAlign="center">
            <img src="/brume.svg" alt="" width="48" height="48" />
          </Box>
          {props.why && <Alert type="info">{props.why}</Alert>}
          <Container
            header={
              <Header variant="h1" description={text.signIn.subtitle}>
                {text.signIn.title}
              </Header>
            }
          >
            <Form
              actions={
                <Button variant="primary" formAction="submit" loading={busy}>
                  {text.signIn.button}
                </Button>
              }
              errorText={error.general}
            >
              <SpaceBetween size="s">
                <FormField label={text.signIn.token} constraintText={text.signIn.tokenHint} errorText={error.field}>
                  <Input
                    type={shown ? 'text' : 'password'}
                    value={token}
                    onChange={({ detail }) => setToken(detail.value)}
                    autoComplete="current-password"
                    name="token"
                    spellcheck={false}
                    autoFocus
                  />
                </FormField>
                <Toggle checked={shown} onChange={({ detail }) => setShown(detail.checked)}>
                  {text.signIn.show}
                </Toggle>
              </SpaceBetween>
            </Form>
          </Container>
        </SpaceBetween>
      </form>
    </main>
  );
}
