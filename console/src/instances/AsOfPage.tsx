import DatePicker from '@cloudscape-design/components/date-picker';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import TimeInput from '@cloudscape-design/components/time-input';
import Toggle from '@cloudscape-design/components/toggle';
import { useState } from 'react';
import { api, taken } from '../api/client';
import { allPages } from '../api/pages';
import type { Instance } from '../api/types';
import { useLoad } from '../api/useLoad';
import { follow, navigate, useRoute } from '../app/route';
import { Empty, RefusalAlert } from '../app/Shown';
import { text } from '../text';
import { State } from './State';

const words = text.asOf;
const ITEMS_MAX = 10_000;
const HOUR_MS = 3_600_000;

/** In UTC, as the log is; an hour ago where the address names no time. */
function timeOf(given: string | null): Date {
  const ms = Date.parse(given ?? '');
  return new Date(Number.isNaN(ms) ? Math.floor((Date.now() - HOUR_MS) / 1000) * 1000 : ms);
}

/** The account's instances as they were, from the logs; the time is in the address. */
export default function AsOfPage() {
  const { query } = useRoute();
  const [usual] = useState(() => timeOf(null));
  const at = query.get('at') === null ? usual : timeOf(query.get('at'));
  const iso = at.toISOString();
  const date = iso.slice(0, 10);
  const time = iso.slice(11, 19);
  const list = useLoad(
    async () =>
      (await allPages<Instance>(
        (cursor) => taken(api.GET('/v1/instances', { params: { query: { limit: 1000, asOf: iso, cursor } } })),
        ITEMS_MAX,
      )).items,
    [iso],
  );
  const [ended, setEnded] = useState(false);
  const rows = (list.error ? [] : (list.value ?? [])).filter((one) => ended || one.state !== 'terminated');
  const go = (day: string, clock: string) => {
    const wanted = `${day}T${clock}Z`;
    if (!Number.isNaN(Date.parse(wanted))) navigate(`/instances/as-of?at=${wanted}`, true);
  };
  return (
    <SpaceBetween size="m">
      {list.error && <RefusalAlert title={text.errors.loadFailed(words.title)} refusal={list.error} onRetry={list.reload} />}
      <Table<Instance>
        variant="full-page"
        items={rows}
        trackBy="id"
        loading={list.loading}
        loadingText={text.common.loading}
        header={
          <Header
            variant="awsui-h1-sticky"
            counter={list.value && `(${rows.length.toLocaleString('en')})`}
            description={words.subtitle}
          >
            {words.title}
          </Header>
        }
        filter={
          <SpaceBetween direction="horizontal" size="s" alignItems="end">
            <FormField label={words.date}>
              <DatePicker
                value={date}
                placeholder="YYYY/MM/DD"
                openCalendarAriaLabel={() => words.calendar}
                onChange={({ detail }) => go(detail.value, time)}
              />
            </FormField>
            <FormField label={words.time}>
              <TimeInput value={time} format="hh:mm:ss" onChange={({ detail }) => detail.value.length === 8 && go(date, detail.value)} />
            </FormField>
            <Toggle checked={ended} onChange={({ detail }) => setEnded(detail.checked)}>
              {text.instances.showEnded}
            </Toggle>
          </SpaceBetween>
        }
        empty={<Empty title={words.emptyTitle} hint={words.emptyHint} />}
        columnDefinitions={[
          {
            id: 'name',
            header: text.instances.columns.name,
            isRowHeader: true,
            cell: (one) => (
              <Link href={`/instances/${one.id}/history`} onFollow={follow}>
                {one.name ?? one.id}
              </Link>
            ),
          },
          { id: 'state', header: words.state, cell: (one) => <State instance={one} plain /> },
          { id: 'id', header: text.instances.columns.id, cell: (one) => <span className="mono">{one.id}</span> },
          { id: 'type', header: text.instances.columns.type, cell: (one) => one.type },
          { id: 'image', header: text.instances.columns.image, cell: (one) => one.imageName },
          { id: 'zone', header: text.instances.columns.zone, cell: (one) => one.zone ?? text.common.none },
        ]}
      />
    </SpaceBetween>
  );
}
