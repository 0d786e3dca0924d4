import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import type { components } from '@contract';
import { api, taken } from '../api/client';
import { allPages } from '../api/pages';
import { useLoad } from '../api/useLoad';
import { Dialog } from '../app/Dialog';
import { notify } from '../app/notices';
import { useSession } from '../app/session';
import { Ago, CommandLine, Empty, RefusalAlert } from '../app/Shown';
import { text } from '../text';

type Account = components['schemas']['OperatedAccount'];
type Asked = { what: 'create' } | { what: 'suspend' | 'quotas'; account: Account };

const words = text.account.accounts;
const ACCOUNTS_MAX = 10_000;

export function AccountsTab() {
  const session = useSession();
  const list = useLoad(
    async () =>
      (await allPages<Account>(
        (cursor) => taken(api.GET('/v1/accounts', { params: { query: { limit: 1000, cursor } } })),
        ACCOUNTS_MAX,
      )).items,
    [],
  );
  const [asked, setAsked] = useState<Asked>();
  const [made, setMade] = useState<{ name: string; token: string }>();
  if (list.error) {
    return <RefusalAlert title={text.errors.loadFailed(words.title)} refusal={list.error} onRetry={list.reload} />;
  }
  const all = list.value ?? [];
  const close = () => setAsked(undefined);

  async function change(account: Account, body: components['schemas']['UpdateAccountRequest']) {
    await taken(api.PATCH('/v1/accounts/{accountId}', { params: { path: { accountId: account.id } }, body }));
    notify({ type: 'success', content: words.changed(account.name) });
    list.reload();
  }

  return (
    <SpaceBetween size="m">
      {made && (
        <Alert type="success" dismissible onDismiss={() => setMade(undefined)} header={words.made(made.name)}>
          <SpaceBetween size="xs">
            <div>{text.account.once}</div>
            <CommandLine>{text.account.tokens.command(made.token)}</CommandLine>
          </SpaceBetween>
        </Alert>
      )}
      <Table<Account>
        items={all}
        trackBy="id"
        loading={list.loading && !list.value}
        loadingText={text.common.loading}
        header={
          <Header
            counter={`(${all.length.toLocaleString('en')})`}
            description={words.subtitle}
            actions={<Button onClick={() => setAsked({ what: 'create' })}>{words.create}</Button>}
          >
            {words.title}
          </Header>
        }
        empty={<Empty title={words.empty} hint={words.emptyHint} />}
        columnDefinitions={[
          { id: 'name', header: words.name, isRowHeader: true, cell: (one) => one.name },
          { id: 'id', header: text.account.id, cell: (one) => <span className="mono">{one.id}</span> },
          {
            id: 'state',
            header: text.account.state,
            cell: (one) => (
              <StatusIndicator type={one.suspendedAt ? 'stopped' : 'success'}>{one.suspendedAt ? words.suspended : words.active}</StatusIndicator>
            ),
          },
          { id: 'instances', header: text.account.overview.instances, cell: (one) => one.quotas.instancesMax.toLocaleString('en') },
          { id: 'vcpu', header: text.account.overview.vcpu, cell: (one) => one.quotas.vcpuMax.toLocaleString('en') },
          { id: 'created', header: text.account.created, cell: (one) => <Ago at={one.createdAt} /> },
          {
            id: 'actions',
            header: text.common.actions,
            cell: (one) => (
              <SpaceBetween direction="horizontal" size="xs">
                <Button variant="inline-link" ariaLabel={`${words.quotas}: ${one.name}`} onClick={() => setAsked({ what: 'quotas', account: one })}>
                  {words.quotas}
                </Button>
                {one.id !== session.account.id &&
                  (one.suspendedAt ? (
                    <Button variant="inline-link" ariaLabel={`${words.resume} ${one.name}`} onClick={() => void change(one, { suspended: false })}>
                      {words.resume}
                    </Button>
                  ) : (
                    <Button variant="inline-link" ariaLabel={`${words.suspend} ${one.name}`} onClick={() => setAsked({ what: 'suspend', account: one })}>
                      {words.suspend}
                    </Button>
                  ))}
              </SpaceBetween>
            ),
          },
        ]}
      />
      {asked?.what === 'create' && (
        <Create
          onClose={close}
          onMade={(name, token) => {
            setMade({ name, token });
            list.reload();
          }}
        />
      )}
      {asked?.what === 'quotas' && <Quotas account={asked.account} onClose={close} change={change} />}
      {asked?.what === 'suspend' && (
        <Dialog
          title={words.suspendQuestion(asked.account.name)}
          action={words.suspend}
          onClose={close}
          go={() => change(asked.account, { suspended: true })}
        >
          <Alert type="warning">{words.suspendHint}</Alert>
        </Dialog>
      )}
    </SpaceBetween>
  );
}

function Create(props: { onClose: () => void; onMade: (name: string, token: string) => void }) {
  const [name, setName] = useState('');
  return (
    <Dialog
      title={words.create}
      action={text.common.create}
      good={name.trim() !== ''}
      onClose={props.onClose}
      go={async () => {
        const made = await taken(api.POST('/v1/accounts', { body: { name: name.trim() } }));
        props.onMade(made.account.name, made.ownerToken.token);
      }}
    >
      <FormField label={words.name}>
        <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus />
      </FormField>
    </Dialog>
  );
}

function Quotas(props: {
  account: Account;
  onClose: () => void;
  change: (account: Account, body: components['schemas']['UpdateAccountRequest']) => Promise<void>;
}) {
  const { account, onClose, change } = props;
  const [quotas, setQuotas] = useState({
    instancesMax: String(account.quotas.instancesMax),
    vcpuMax: String(account.quotas.vcpuMax),
    memoryMibMax: String(account.quotas.memoryMibMax),
    requestsPerSecondMax: String(account.quotas.requestsPerSecondMax),
  });
  const labels = {
    instancesMax: text.account.overview.instances,
    vcpuMax: text.account.overview.vcpu,
    memoryMibMax: words.memoryMib,
    requestsPerSecondMax: text.account.overview.requests,
  };
  const keys = Object.keys(labels) as (keyof typeof labels)[];
  return (
    <Dialog
      title={words.quotaOf(account.name)}
      action={text.common.save}
      good={keys.every((key) => /^\d{1,13}$/.test(quotas[key]))}
      onClose={onClose}
      go={() => change(account, { quotas: Object.fromEntries(keys.map((key) => [key, Number(quotas[key])])) })}
    >
      {keys.map((key) => (
        <FormField key={key} label={labels[key]}>
          <Input
            inputMode="numeric"
            value={quotas[key]}
            onChange={({ detail }) => setQuotas((before) => ({ ...before, [key]: detail.value.trim() }))}
          />
        </FormField>
      ))}
    </Dialog>
  );
}
