import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useEffect, useState } from 'react';
import { api, taken } from '../api/client';
import { stream } from '../api/events';
import { allPages } from '../api/pages';
import { durationText, timeText } from '../api/time';
import type { Instance, Transition } from '../api/types';
import { useLoad } from '../api/useLoad';
import { follow } from '../app/route';
import { useSession } from '../app/session';
import { Empty, RefusalAlert } from '../app/Shown';
import { text } from '../text';

const words = text.instances.history;
const ENTRIES_MAX = 5000;
const LAG_SHOWN_MS = 1000;

const TYPES: Record<string, StatusIndicatorProps.Type> = {
  STARTING: 'in-progress',
  RUNNING: 'success',
  MIGRATING: 'info',
  STOPPING: 'in-progress',
  GONE: 'stopped',
  FAILED: 'error',
};

/** Every transition, the newest first, live. */
export default function HistoryTab(props: { instance: Instance }) {
  const { instance } = props;
  const session = useSession();
  const past = useLoad(
    async () =>
      (await allPages<Transition>(
        (cursor) =>
          taken(
            api.GET('/v1/instances/{instanceId}/transitions', {
              params: { path: { instanceId: instance.id }, query: { limit: 1000, cursor } },
            }),
          ),
        ENTRIES_MAX,
      )).items,
    [instance.id],
  );
  const [live, setLive] = useState<Transition[]>([]);
  useEffect(
    () =>
      stream.listen((events) => {
        const ours = events.filter((event) => event.instanceId === instance.id) as unknown as Transition[];
        if (ours.length > 0) setLive((before) => [...before, ...ours]);
      }),
    [instance.id],
  );
  if (past.error) {
    return <RefusalAlert title={text.errors.loadFailed(words.title)} refusal={past.error} onRetry={past.reload} />;
  }
  const bySeq = new Map([...(past.value ?? []), ...live].map((one) => [one.seq, one]));
  const all = [...bySeq.values()].sort((a, b) => b.seq - a.seq);
  return (
    <Table<Transition>
      items={all}
      trackBy={(one) => String(one.seq)}
      loading={past.loading && all.length === 0}
      loadingText={text.common.loading}
      header={
        <Header counter={`(${all.length})`} description={words.subtitle}>
          {words.title}
        </Header>
      }
      empty={<Empty title={words.empty} hint={words.emptyHint} />}
      columnDefinitions={[
        {
          id: 'state',
          header: words.state,
          isRowHeader: true,
          cell: (one) => <StatusIndicator type={TYPES[one.state] ?? 'info'}>{words.vm[one.state] ?? one.state}</StatusIndicator>,
        },
        {
          id: 'at',
          header: words.at,
          cell: (one) => (
            <span className="nowrap">
              <Link href={`/instances/as-of?at=${one.at}`} onFollow={follow}>
                {timeText(one.at)}
              </Link>
              {lag(one)}
            </span>
          ),
        },
        {
          id: 'cause',
          header: words.cause,
          cell: (one) => [one.cause && (words.causes[one.cause] ?? one.cause), one.reason].filter(Boolean).join(': ') || text.common.none,
        },
        { id: 'epoch', header: words.epoch, cell: (one) => one.epoch },
        ...(session.cloudOperator
          ? [{ id: 'node', header: words.node, cell: (one: Transition) => <span className="mono">{one.nodeId ?? text.common.none}</span> }]
          : []),
        { id: 'seq', header: words.seq, cell: (one) => one.seq },
      ]}
    />
  );
}

/** A node that was away tells late; a person who compares clocks wants to know. */
function lag(one: Transition): string {
  const ms = Date.parse(one.recordedAt) - Date.parse(one.at);
  return ms >= LAG_SHOWN_MS ? ` (${words.lag(durationText(ms))})` : '';
}
