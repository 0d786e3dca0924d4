import { useCollection } from '@cloudscape-design/collection-hooks';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Link from '@cloudscape-design/components/link';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useState } from 'react';
import type { components } from '@contract';
import { api, taken } from '../api/client';
import { allPages } from '../api/pages';
import { useLoad } from '../api/useLoad';
import { Dialog } from '../app/Dialog';
import { follow } from '../app/route';
import { Ago, CommandLine, Empty, RefusalAlert } from '../app/Shown';
import { text } from '../text';

export type Account = components['schemas']['OperatedAccount'];

const words = text.account.accounts;
const page = text.accounts;
const ACCOUNTS_MAX = 10_000;
const PAGE = 50;

export function AccountState(props: { account: Account }) {
  const { suspendedAt } = props.account;
  return <StatusIndicator type={suspendedAt ? 'stopped' : 'success'}>{suspendedAt ? words.suspended : words.active}</StatusIndicator>;
}

/** For operators of the cloud: all accounts. */
export default function AccountsPage() {
  const list = useLoad(
    async () =>
      (await allPages<Account>(
        (cursor) => taken(api.GET('/v1/accounts', { params: { query: { limit: 1000, cursor } } })),
        ACCOUNTS_MAX,
      )).items,
    [],
  );
  const [creating, setCreating] = useState(false);
  const [made, setMade] = useState<{ name: string; token: string }>();
  const all = list.value ?? [];
  const { items, collectionProps, filterProps, paginationProps, filteredItemsCount } = useCollection(all, {
    filtering: {
      fields: ['name', 'id'],
      empty: <Empty title={words.empty} hint={words.emptyHint} />,
      noMatch: <Empty title={text.common.noMatch} hint={text.common.noMatchHint} />,
    },
    pagination: { pageSize: PAGE },
    sorting: {},
  });
  if (list.error) {
    return <RefusalAlert title={text.errors.loadFailed(page.title)} refusal={list.error} onRetry={list.reload} />;
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
        {...collectionProps}
        variant="full-page"
        items={items}
        trackBy="id"
        loading={list.loading && !list.value}
        loadingText={text.common.loading}
        header={
          <Header
            variant="awsui-h1-sticky"
            counter={`(${all.length.toLocaleString('en')})`}
            description={page.subtitle}
            actions={
              <Button variant="primary" onClick={() => setCreating(true)}>
                {words.create}
              </Button>
            }
          >
            {page.title}
          </Header>
        }
        filter={
          <TextFilter
            {...filterProps}
            filteringPlaceholder={page.find}
            filteringAriaLabel={page.find}
            countText={text.common.matches(filteredItemsCount ?? 0)}
          />
        }
        pagination={<Pagination {...paginationProps} />}
        columnDefinitions={[
          {
            id: 'name',
            header: words.name,
            isRowHeader: true,
            sortingField: 'name',
            cell: (one) => (
              <Link href={`/cloud/accounts/${one.id}`} onFollow={follow}>
                {one.name}
              </Link>
            ),
          },
          { id: 'id', header: text.account.id, sortingField: 'id', cell: (one) => <span className="mono">{one.id}</span> },
          { id: 'state', header: text.account.state, cell: (one) => <AccountState account={one} /> },
          { id: 'instances', header: words.instancesMax, cell: (one) => one.quotas.instancesMax.toLocaleString('en') },
          { id: 'vcpu', header: words.vcpuMax, cell: (one) => one.quotas.vcpuMax.toLocaleString('en') },
          { id: 'created', header: text.account.created, sortingField: 'createdAt', cell: (one) => <Ago at={one.createdAt} /> },
        ]}
      />
      {creating && (
        <Create
          onClose={() => setCreating(false)}
          onMade={(name, token) => {
            setMade({ name, token });
            list.reload();
          }}
        />
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
