import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import { api, taken } from '../api/client';
import { timeText } from '../api/time';
import { useLoad } from '../api/useLoad';
import { Dialog } from '../app/Dialog';
import { notify } from '../app/notices';
import { useSession, type Session } from '../app/session';
import { Ago, CommandLine, Copied, Empty, RefusalAlert } from '../app/Shown';
import { text } from '../text';

const words = text.account;
const DAY_MS = 86_400_000;
const OVERLAP_SECONDS = 3600;

type Role = Session['role'];

/** A token or an access key, as far as a table shows them alike. */
interface Credential {
  id: string;
  label: string;
  role: string;
  scopes: string[];
  createdAt: string;
  lastUsedAt?: string;
  expiresAt?: string;
  endedAt?: string;
}

interface Wanted {
  label: string;
  role: Role;
  scopes: string[];
  expiresAt?: string;
}

/** What was made: shown once, with a line that uses it. */
interface Made {
  label: string;
  command: string;
}

interface Kind {
  words: typeof words.tokens | typeof words.keys;
  list: () => Promise<Credential[]>;
  create: (wanted: Wanted) => Promise<Made>;
  rotate: (id: string) => Promise<Made>;
  end: (id: string) => Promise<unknown>;
}

const TOKENS: Kind = {
  words: words.tokens,
  list: async () =>
    (await taken(api.GET('/v1/tokens', { params: { query: { limit: 1000 } } }))).items.map(({ revokedAt, ...token }) => ({
      ...token,
      endedAt: revokedAt,
    })),
  create: async (wanted) => tokenMade(await taken(api.POST('/v1/tokens', { body: { ...wanted, cloudOperator: false } }))),
  rotate: async (tokenId) =>
    tokenMade(
      await taken(
        api.POST('/v1/tokens/{tokenId}/rotate', { params: { path: { tokenId } }, body: { overlapSeconds: OVERLAP_SECONDS } }),
      ),
    ),
  end: (tokenId) => taken(api.DELETE('/v1/tokens/{tokenId}', { params: { path: { tokenId } } })),
};

function tokenMade(token: { label: string; token: string }): Made {
  return { label: token.label, command: words.tokens.command(token.token) };
}

const KEYS: Kind = {
  words: words.keys,
  list: async () =>
    (await taken(api.GET('/v1/access-keys', { params: { query: { limit: 1000 } } }))).items.map(({ deletedAt, ...key }) => ({
      ...key,
      endedAt: deletedAt,
    })),
  create: async (wanted) => keyMade(await taken(api.POST('/v1/access-keys', { body: wanted }))),
  rotate: async (accessKeyId) =>
    keyMade(
      await taken(
        api.POST('/v1/access-keys/{accessKeyId}/rotate', {
          params: { path: { accessKeyId } },
          body: { overlapSeconds: OVERLAP_SECONDS },
        }),
      ),
    ),
  end: (accessKeyId) => taken(api.DELETE('/v1/access-keys/{accessKeyId}', { params: { path: { accessKeyId } } })),
};

function keyMade(key: { id: string; label: string; secret: string }): Made {
  return { label: key.label, command: words.keys.command(key.id, key.secret) };
}

export function TokensTab() {
  return <Credentials kind={TOKENS} />;
}

export function KeysTab() {
  return <Credentials kind={KEYS} />;
}

type Asked = { what: 'create' } | { what: 'rotate' | 'end'; credential: Credential };

function holds(credential: Credential): boolean {
  return !credential.endedAt && !(credential.expiresAt && Date.parse(credential.expiresAt) <= Date.now());
}

function Credentials(props: { kind: Kind }) {
  const { kind } = props;
  const session = useSession();
  const list = useLoad(kind.list, [kind]);
  const [asked, setAsked] = useState<Asked>();
  const [made, setMade] = useState<Made>();
  if (list.error) {
    return <RefusalAlert title={text.errors.loadFailed(kind.words.title)} refusal={list.error} onRetry={list.reload} />;
  }
  const all = [...(list.value ?? [])].sort((a, b) => Number(holds(b)) - Number(holds(a)) || b.createdAt.localeCompare(a.createdAt));
  const close = () => setAsked(undefined);
  const show = (shown: Made) => {
    setMade(shown);
    list.reload();
  };

  return (
    <SpaceBetween size="m">
      {made && (
        <Alert type="success" dismissible onDismiss={() => setMade(undefined)} header={words.secretOf(made.label)}>
          <SpaceBetween size="xs">
            <div>{words.once}</div>
            <CommandLine>{made.command}</CommandLine>
          </SpaceBetween>
        </Alert>
      )}
      <Table<Credential>
        items={all}
        trackBy="id"
        loading={list.loading && !list.value}
        loadingText={text.common.loading}
        header={
          <Header
            counter={`(${all.length})`}
            description={kind.words.subtitle}
            actions={<Button onClick={() => setAsked({ what: 'create' })}>{kind.words.create}</Button>}
          >
            {kind.words.title}
          </Header>
        }
        empty={<Empty title={kind.words.emptyTitle} hint={kind.words.emptyHint} />}
        columnDefinitions={[
          {
            id: 'label',
            header: words.label,
            isRowHeader: true,
            cell: (one) => (one.id === session.principal ? `${one.label} (${words.tokens.self})` : one.label),
          },
          { id: 'id', header: words.id, cell: (one) => <Copied>{one.id}</Copied> },
          { id: 'role', header: words.role, cell: (one) => one.role },
          { id: 'state', header: words.state, cell: (one) => <Holds credential={one} /> },
          { id: 'used', header: words.lastUsed, cell: (one) => (one.lastUsedAt ? <Ago at={one.lastUsedAt} /> : words.never) },
          { id: 'expires', header: words.expires, cell: (one) => (one.expiresAt ? timeText(one.expiresAt) : words.notEver) },
          {
            id: 'actions',
            header: text.common.actions,
            cell: (one) =>
              holds(one) && (
                <SpaceBetween direction="horizontal" size="xs">
                  <Button
                    variant="inline-link"
                    ariaLabel={`${kind.words.rotate} ${one.label}`}
                    onClick={() => setAsked({ what: 'rotate', credential: one })}
                  >
                    {kind.words.rotate}
                  </Button>
                  <Button
                    variant="inline-link"
                    ariaLabel={`${kind.words.revoke} ${one.label}`}
                    onClick={() => setAsked({ what: 'end', credential: one })}
                  >
                    {kind.words.revoke}
                  </Button>
                </SpaceBetween>
              ),
          },
        ]}
      />
      {asked?.what === 'create' && <Create kind={kind} onMade={show} onClose={close} />}
      {asked?.what === 'rotate' && (
        <Dialog
          title={kind.words.rotateQuestion(asked.credential.label)}
          action={kind.words.rotate}
          onClose={close}
          go={async () => show(await kind.rotate(asked.credential.id))}
        >
          {kind.words.rotateHint}
        </Dialog>
      )}
      {asked?.what === 'end' && (
        <Dialog
          title={kind.words.revokeQuestion(asked.credential.label)}
          action={kind.words.revoke}
          onClose={close}
          go={async () => {
            await kind.end(asked.credential.id);
            notify({ type: 'success', content: kind.words.revoked(asked.credential.label) });
            list.reload();
          }}
        >
          <Alert type="warning">{kind.words.revokeHint}</Alert>
        </Dialog>
      )}
    </SpaceBetween>
  );
}

function Holds(props: { credential: Credential }) {
  const { credential } = props;
  if (credential.endedAt) return <StatusIndicator type="stopped">{words.states.revoked}</StatusIndicator>;
  if (!holds(credential)) return <StatusIndicator type="stopped">{words.states.ended}</StatusIndicator>;
  return <StatusIndicator type="success">{words.states.holds}</StatusIndicator>;
}

function Create(props: { kind: Kind; onMade: (made: Made) => void; onClose: () => void }) {
  const { kind, onMade, onClose } = props;
  const [label, setLabel] = useState('');
  const [role, setRole] = useState<Role>('reader');
  const [scopes, setScopes] = useState('');
  const [days, setDays] = useState('');
  const expiries = Object.entries(words.expiries).map(([value, shown]) => ({ value, label: shown }));
  return (
    <Dialog
      title={kind.words.create}
      action={text.common.create}
      good={label.trim() !== ''}
      onClose={onClose}
      go={async () =>
        onMade(
          await kind.create({
            label: label.trim(),
            role,
            scopes: listOf(scopes),
            ...(days === '' ? {} : { expiresAt: new Date(Date.now() + Number(days) * DAY_MS).toISOString() }),
          }),
        )}
    >
      <FormField label={words.label} constraintText={words.labelHint}>
        <Input value={label} onChange={({ detail }) => setLabel(detail.value)} autoFocus />
      </FormField>
      <RoleField role={role} onChange={setRole} />
      <FormField label={words.expiry}>
        <Select
          options={expiries}
          selectedOption={expiries.find((option) => option.value === days) ?? null}
          onChange={({ detail }) => setDays(detail.selectedOption.value ?? '')}
        />
      </FormField>
      <FormField label={`${words.scopes} – ${text.common.optional}`} constraintText={words.scopesHint}>
        <Input value={scopes} onChange={({ detail }) => setScopes(detail.value)} spellcheck={false} />
      </FormField>
    </Dialog>
  );
}

/** Words between commas or spaces. */
export function listOf(given: string): string[] {
  return given.split(/[\s,]+/).filter((word) => word !== '');
}

export function RoleField(props: { role: Role; onChange: (role: Role) => void }) {
  const options = Object.entries(words.roles).map(([value, label]) => ({ value, label }));
  return (
    <FormField label={words.role}>
      <Select
        options={options}
        selectedOption={options.find((option) => option.value === props.role) ?? null}
        onChange={({ detail }) => props.onChange(detail.selectedOption.value as Role)}
      />
    </FormField>
  );
}
