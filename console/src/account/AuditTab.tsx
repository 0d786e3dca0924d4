import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useEffect, useState } from 'react';
import type { components } from '@contract';
import { api, taken } from '../api/client';
import { asRefusal, type Refusal } from '../api/refusal';
import { timeText } from '../api/time';
import { useLoad } from '../api/useLoad';
import { Empty, RefusalAlert } from '../app/Shown';
import { text } from '../text';

type Entry = components['schemas']['AuditEntry'];

const words = text.account.audit;
const PAGE = 50;
const PAUSE_MS = 300;
const RESOURCES_SHOWN = 3;

/** What people call those who act, by id; nobody's name is no reason to show nothing. */
async function namesOfActors(): Promise<Map<string, string>> {
  const query = { limit: 1000 };
  const [tokens, keys, users] = await Promise.allSettled([
    taken(api.GET('/v1/tokens', { params: { query } })),
    taken(api.GET('/v1/access-keys', { params: { query } })),
    taken(api.GET('/v1/users', { params: { query } })),
  ]);
  const names = new Map<string, string>();
  for (const list of [tokens, keys]) {
    if (list.status === 'fulfilled') list.value.items.forEach(({ id, label }) => names.set(id, label));
  }
  if (users.status === 'fulfilled') users.value.items.forEach(({ id, name }) => names.set(id, name));
  return names;
}

interface State {
  items: Entry[];
  next: string | undefined;
  loading: boolean;
  error: Refusal | undefined;
}

/** The file has what the table would show in full. */
function exportAddress(format: string, outcome: string, resource: string): string {
  const query = new URLSearchParams({ format });
  if (outcome !== '') query.set('outcome', outcome);
  if (resource !== '') query.set('resource', resource);
  return `/v1/audit/export?${query}`;
}

export function AuditTab() {
  const [outcome, setOutcome] = useState<'' | 'done' | 'refused'>('');
  const [resource, setResource] = useState('');
  const [round, setRound] = useState(0);
  const names = useLoad(namesOfActors, []);
  const [state, setState] = useState<State>({ items: [], next: undefined, loading: true, error: undefined });

  async function load(cursor: string | undefined, wanted: () => boolean) {
    setState((before) => ({ ...before, loading: true, error: undefined }));
    try {
      const page = await taken(
        api.GET('/v1/audit', {
          params: {
            query: {
              limit: PAGE,
              cursor,
              ...(outcome === '' ? {} : { outcome }),
              ...(resource.trim() === '' ? {} : { resource: resource.trim() }),
            },
          },
        }),
      );
      if (!wanted()) return;
      setState((before) => ({
        items: cursor === undefined ? page.items : [...before.items, ...page.items],
        next: page.nextCursor,
        loading: false,
        error: undefined,
      }));
    } catch (thrown) {
      if (wanted()) setState((before) => ({ ...before, loading: false, error: asRefusal(thrown) }));
    }
  }

  useEffect(() => {
    let here = true;
    const timer = window.setTimeout(() => void load(undefined, () => here), PAUSE_MS);
    return () => {
      here = false;
      window.clearTimeout(timer);
    };
  }, [outcome, resource, round]);

  const outcomes = [
    { value: '', label: words.any },
    ...Object.entries(words.outcomes).map(([value, label]) => ({ value, label })),
  ];
  return (
    <SpaceBetween size="m">
      {state.error && (
        <RefusalAlert title={text.errors.loadFailed(words.title)} refusal={state.error} onRetry={() => setRound((one) => one + 1)} />
      )}
      <Table<Entry>
        items={state.items}
        trackBy="id"
        loading={state.loading && state.items.length === 0}
        loadingText={text.common.loading}
        header={
          <Header
            description={words.subtitle}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button iconName="refresh" ariaLabel={text.common.reload} onClick={() => setRound((one) => one + 1)} />
                <ButtonDropdown
                  items={Object.entries(words.formats).map(([format, label]) => ({
                    id: format,
                    text: label,
                    href: exportAddress(format, outcome, resource.trim()),
                    external: true,
                  }))}
                >
                  {words.export}
                </ButtonDropdown>
              </SpaceBetween>
            }
          >
            {words.title}
          </Header>
        }
        filter={
          <SpaceBetween direction="horizontal" size="xs">
            <Input
              type="search"
              value={resource}
              placeholder={words.find}
              ariaLabel={words.find}
              onChange={({ detail }) => setResource(detail.value)}
            />
            <Select
              options={outcomes}
              selectedOption={outcomes.find((option) => option.value === outcome) ?? null}
              ariaLabel={words.outcome}
              onChange={({ detail }) => setOutcome(detail.selectedOption.value as typeof outcome)}
            />
          </SpaceBetween>
        }
        empty={<Empty title={words.emptyTitle} hint={words.emptyHint} />}
        footer={
          state.next && (
            <Box textAlign="center">
              <Button variant="link" loading={state.loading} onClick={() => void load(state.next, () => true)}>
                {words.more}
              </Button>
            </Box>
          )
        }
        columnDefinitions={[
          { id: 'at', header: words.at, cell: (entry) => <span className="nowrap">{timeText(entry.at)}</span>, isRowHeader: true },
          { id: 'action', header: words.action, cell: (entry) => entry.action },
          {
            id: 'outcome',
            header: words.outcome,
            cell: (entry) => (
              <>
                <StatusIndicator type={entry.outcome === 'done' ? 'success' : 'error'}>{words.outcomes[entry.outcome]}</StatusIndicator>
                {entry.detail && <Box variant="small">{entry.detail}</Box>}
              </>
            ),
          },
          {
            id: 'resources',
            header: words.resources,
            cell: (entry) => (
              <span className="mono">
                {entry.resources.slice(0, RESOURCES_SHOWN).map((id) => (
                  <div key={id}>{id}</div>
                ))}
                {entry.resources.length > RESOURCES_SHOWN && words.moreResources(entry.resources.length - RESOURCES_SHOWN)}
              </span>
            ),
          },
          {
            id: 'principal',
            header: words.principal,
            cell: (entry) => {
              const id = entry.userId ?? entry.principal;
              const name = names.value?.get(id);
              return name ? <span title={id}>{name}</span> : <span className="mono">{id}</span>;
            },
          },
          { id: 'from', header: words.from, cell: (entry) => entry.from },
        ]}
      />
    </SpaceBetween>
  );
}
