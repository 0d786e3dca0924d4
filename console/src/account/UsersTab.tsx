import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import type { components } from '@contract';
import { api, taken } from '../api/client';
import { useLoad } from '../api/useLoad';
import { Dialog } from '../app/Dialog';
import { notify } from '../app/notices';
import type { Session } from '../app/session';
import { Ago, Copied, Empty, RefusalAlert } from '../app/Shown';
import { text } from '../text';
import { RoleField } from './CredentialsTab';

type User = components['schemas']['User'];
type Asked = { what: 'create' } | { what: 'role' | 'remove'; user: User };

const words = text.account.users;

export function UsersTab() {
  const list = useLoad(async () => (await taken(api.GET('/v1/users'))).items, []);
  const [asked, setAsked] = useState<Asked>();
  if (list.error) {
    return <RefusalAlert title={text.errors.loadFailed(words.title)} refusal={list.error} onRetry={list.reload} />;
  }
  const all = list.value ?? [];
  const close = () => setAsked(undefined);
  function done(message: string) {
    notify({ type: 'success', content: message });
    list.reload();
  }
  return (
    <>
      <Table<User>
        items={all}
        trackBy="id"
        loading={list.loading && !list.value}
        loadingText={text.common.loading}
        header={
          <Header
            counter={`(${all.length})`}
            description={words.subtitle}
            actions={<Button onClick={() => setAsked({ what: 'create' })}>{words.create}</Button>}
          >
            {words.title}
          </Header>
        }
        empty={<Empty title={words.emptyTitle} hint={words.emptyHint} />}
        columnDefinitions={[
          { id: 'name', header: words.name, isRowHeader: true, cell: (user) => user.name },
          { id: 'role', header: text.account.role, cell: (user) => text.account.roles[user.role] },
          { id: 'created', header: text.account.created, cell: (user) => <Ago at={user.createdAt} /> },
          { id: 'id', header: text.account.id, cell: (user) => <Copied>{user.id}</Copied> },
          {
            id: 'actions',
            header: text.common.actions,
            cell: (user) => (
              <SpaceBetween direction="horizontal" size="xs">
                <Button variant="inline-link" onClick={() => setAsked({ what: 'role', user })} ariaLabel={`${text.account.role} ${user.name}`}>
                  {text.account.role}
                </Button>
                <Button variant="inline-link" onClick={() => setAsked({ what: 'remove', user })} ariaLabel={`${words.remove} ${user.name}`}>
                  {words.remove}
                </Button>
              </SpaceBetween>
            ),
          },
        ]}
      />
      {asked?.what === 'create' && <Create onClose={close} onDone={done} />}
      {asked?.what === 'role' && <ChangeRole user={asked.user} onClose={close} onDone={done} />}
      {asked?.what === 'remove' && (
        <Dialog
          title={words.removeQuestion(asked.user.name)}
          action={words.remove}
          onClose={close}
          go={async () => {
            await taken(api.DELETE('/v1/users/{userId}', { params: { path: { userId: asked.user.id } } }));
            done(words.removed(asked.user.name));
          }}
        >
          <Alert type="warning">{words.removeHint}</Alert>
        </Dialog>
      )}
    </>
  );
}

function Create(props: { onClose: () => void; onDone: (message: string) => void }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Session['role']>('reader');
  return (
    <Dialog
      title={words.create}
      action={text.common.create}
      good={name.trim() !== ''}
      onClose={props.onClose}
      go={async () => {
        const user = await taken(api.POST('/v1/users', { body: { name: name.trim(), role } }));
        props.onDone(words.added(user.name));
      }}
    >
      <FormField label={words.name} constraintText={words.nameHint}>
        <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus spellcheck={false} />
      </FormField>
      <RoleField role={role} onChange={setRole} />
    </Dialog>
  );
}

function ChangeRole(props: { user: User; onClose: () => void; onDone: (message: string) => void }) {
  const { user } = props;
  const [role, setRole] = useState(user.role);
  return (
    <Dialog
      title={user.name}
      action={text.common.save}
      good={role !== user.role}
      onClose={props.onClose}
      go={async () => {
        await taken(
          api.PATCH('/v1/users/{userId}', {
            params: { path: { userId: user.id }, header: { 'If-Match': `"${user.version}"` } },
            body: { role },
          }),
        );
        props.onDone(words.changed(user.name));
      }}
    >
      <RoleField role={role} onChange={setRole} />
    </Dialog>
  );
}
