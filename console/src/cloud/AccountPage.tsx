import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useState } from 'react';
import type { components } from '@contract';
import { api, taken } from '../api/client';
import { timeText } from '../api/time';
import { useLoad } from '../api/useLoad';
import { Dialog } from '../app/Dialog';
import { notify } from '../app/notices';
import { useCrumb } from '../app/crumb';
import { navigate } from '../app/route';
import { useSession } from '../app/session';
import { Copied, Empty, RefusalAlert } from '../app/Shown';
import { text } from '../text';
import { AccountState, type Account } from './AccountsPage';
import { Credits } from './Credits';
import { QUOTAS, QuotasForm } from './QuotasForm';
import { Terms } from './Terms';
import { Wallet } from './Wallet';

const words = text.accounts;
const verbs = text.account.accounts;

/** For operators of the cloud: one account, what it may hold, what was agreed, what it paid ahead. */
export default function OperatedAccountPage(props: { params: Record<string, string> }) {
  const id = props.params['id'] ?? '';
  const loaded = useLoad(
    () => taken(api.GET('/v1/accounts/{accountId}', { params: { path: { accountId: id } } })),
    [id],
  );
  useCrumb(id, loaded.value?.name);
  if (loaded.error?.status === 404 || loaded.error?.status === 400) {
    return (
      <Empty title={words.missing} hint={words.missingHint}>
        <Button onClick={() => navigate('/cloud/accounts')}>{words.toAccounts}</Button>
      </Empty>
    );
  }
  if (loaded.error) {
    return <RefusalAlert title={text.errors.loadFailed(id)} refusal={loaded.error} onRetry={loaded.reload} />;
  }
  return loaded.value ? <Shown account={loaded.value} onChanged={loaded.reload} /> : <Spinner size="large" />;
}

type Asked = 'rename' | 'quotas' | 'suspend' | 'resume';

function Shown(props: { account: Account; onChanged: () => void }) {
  const { account, onChanged } = props;
  const session = useSession();
  const [asked, setAsked] = useState<Asked>();
  const close = () => setAsked(undefined);

  async function change(body: components['schemas']['UpdateAccountRequest']) {
    const now = await taken(api.PATCH('/v1/accounts/{accountId}', { params: { path: { accountId: account.id } }, body }));
    notify({ type: 'success', content: verbs.changed(now.name) });
    onChanged();
  }

  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={() => setAsked('rename')}>{words.rename}</Button>
            {account.id !== session.account.id && (
              <Button onClick={() => setAsked(account.suspendedAt ? 'resume' : 'suspend')}>
                {account.suspendedAt ? verbs.resume : verbs.suspend}
              </Button>
            )}
          </SpaceBetween>
        }
      >
        {account.name}
      </Header>
      <Container
        header={
          <Header
            variant="h2"
            description={words.quotasHint}
            actions={<Button onClick={() => setAsked('quotas')}>{verbs.quotas}</Button>}
          >
            {words.summary}
          </Header>
        }
      >
        <KeyValuePairs
          columns={4}
          items={[
            { label: text.account.id, value: <Copied>{account.id}</Copied> },
            { label: text.account.state, value: <AccountState account={account} /> },
            ...Object.entries(QUOTAS).map(([key, label]) => ({
              label,
              value: account.quotas[key as keyof typeof QUOTAS].toLocaleString('en'),
            })),
            { label: text.account.created, value: timeText(account.createdAt) },
          ]}
        />
      </Container>
      <Terms account={account} />
      <Wallet account={account} />
      <Credits account={account} />
      {asked === 'rename' && <Rename account={account} onClose={close} onSave={(name) => change({ name })} />}
      {asked === 'quotas' && <QuotasForm account={account} onClose={close} onSave={(quotas) => change({ quotas })} />}
      {asked === 'suspend' && (
        <Dialog title={verbs.suspendQuestion(account.name)} action={verbs.suspend} onClose={close} go={() => change({ suspended: true })}>
          <Alert type="warning">{verbs.suspendHint}</Alert>
        </Dialog>
      )}
      {asked === 'resume' && (
        <Dialog title={verbs.resumeQuestion(account.name)} action={verbs.resume} onClose={close} go={() => change({ suspended: false })}>
          {verbs.resumeHint}
        </Dialog>
      )}
    </SpaceBetween>
  );
}

function Rename(props: { account: Account; onClose: () => void; onSave: (name: string) => Promise<void> }) {
  const [name, setName] = useState(props.account.name);
  return (
    <Dialog
      title={words.rename}
      action={text.common.save}
      good={name.trim() !== '' && name.trim() !== props.account.name}
      onClose={props.onClose}
      go={() => props.onSave(name.trim())}
    >
      <FormField label={words.name}>
        <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus />
      </FormField>
    </Dialog>
  );
}
