import BarChart from '@cloudscape-design/components/bar-chart';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Table from '@cloudscape-design/components/table';
import { useEffect, useRef } from 'react';
import { api, taken } from '../api/client';
import { exactMoney, ticked } from '../api/money';
import { dayText, durationText, monthText, useNow } from '../api/time';
import type { CostSummary, Invoice } from '../api/types';
import { useLoad } from '../api/useLoad';
import { navigate, useRoute } from '../app/route';
import { useSession } from '../app/session';
import { CommandLine, Empty, RefusalAlert } from '../app/Shown';
import { tagKeys } from '../instances/filter';
import { instances } from '../instances/store';
import { useInstances } from '../instances/useInstances';
import { text } from '../text';
import { InvoiceView } from './InvoiceView';
import { everyDay, shareText, slices, type Slice } from './summary';

const words = text.billing;
const BARS_MAX = 12;
const BAR_PX = 34;
const ROWS_MAX = 100;

function groupLabel(groupBy: string): string {
  if (groupBy.startsWith('tag:')) return words.tag(groupBy.slice(4));
  return (words.groups as Record<string, string>)[groupBy] ?? groupBy;
}

/** The month so far: the sum ticking, in groups, and the draft line by line. */
export default function CostsPage() {
  const { query } = useRoute();
  const groupBy = query.get('by') ?? 'type';
  const summary = useLoad(() => taken(api.GET('/v1/usage/summary', { params: { query: { groupBy } } })), [groupBy]);
  const draft = useLoad(async () => (await taken(api.GET('/v1/invoices/current'))) as Invoice, []);

  if (summary.error) {
    return <RefusalAlert title={text.errors.loadFailed(words.title)} refusal={summary.error} onRetry={summary.reload} />;
  }
  const cost = summary.value;
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={cost && words.subtitle(monthText(cost.period.start))}>
        {words.title}
      </Header>
      {cost ? <Sums cost={cost} /> : <Spinner size="large" />}
      {cost && <Groups cost={cost} groupBy={groupBy} busy={summary.loading} />}
      {draft.error && <RefusalAlert title={text.errors.loadFailed(words.draft)} refusal={draft.error} onRetry={draft.reload} />}
      {draft.value && <InvoiceView invoice={draft.value} title={words.draft} hint={words.draftHint} />}
    </SpaceBetween>
  );
}

function Sums(props: { cost: CostSummary }) {
  const { cost } = props;
  const now = useNow();
  const held = useRef({ of: cost, at: Date.now() });
  if (held.current.of !== cost) held.current = { of: cost, at: Date.now() };
  const soFar = ticked(cost.exactTotal, cost.perHour, now - held.current.at);
  const running = cost.groups.reduce((sum, group) => sum + group.running, 0);
  return (
    <Container footer={<Box variant="small">{words.beforeTax}</Box>}>
      <KeyValuePairs
        columns={4}
        minColumnWidth={160}
        items={[
          { label: words.toDate, value: <Figure testId="month">{exactMoney(cost.currency, soFar)}</Figure> },
          {
            label: words.forecast,
            value: (
              <>
                <Figure>{exactMoney(cost.currency, cost.forecast)}</Figure>
                <Box variant="small">{words.forecastHint}</Box>
              </>
            ),
          },
          { label: words.perHour, value: <Figure>{exactMoney(cost.currency, cost.perHour)}</Figure> },
          { label: words.running, value: <Figure>{running.toLocaleString('en')}</Figure> },
        ]}
      />
    </Container>
  );
}

function Figure(props: { children: string; testId?: string }) {
  return (
    <Box fontSize="heading-xl" fontWeight="bold" data-testid={props.testId}>
      <span className="nowrap">{props.children}</span>
    </Box>
  );
}

function useGroupings(): { value: string; label: string }[] {
  const session = useSession();
  const { items, loaded } = useInstances();
  const mayLook = session.role !== 'billing';
  useEffect(() => {
    if (!loaded && mayLook) void instances.load();
  }, [loaded, mayLook]);
  return [
    ...Object.entries(words.groups).map(([value, label]) => ({ value, label })),
    ...tagKeys(items).map((key) => ({ value: `tag:${key}`, label: words.tag(key) })),
  ];
}

function Groups(props: { cost: CostSummary; groupBy: string; busy: boolean }) {
  const { cost, groupBy, busy } = props;
  const options = useGroupings();
  const byDay = cost.groupBy === 'day';
  const rows = slices(cost.groups, ROWS_MAX, words.untagged, words.others);
  const bars = byDay
    ? everyDay(rows, cost.period.start, cost.period.end)
    : slices(cost.groups, BARS_MAX, words.untagged, words.others);
  const whole = rows.reduce((sum, row) => sum + row.amount, 0n);
  const label = (slice: Slice) => (byDay && slice.key ? dayText(slice.key) : slice.label);

  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <Select
              className="group-by"
              inlineLabelText={words.groupBy}
              expandToViewport
              options={options}
              selectedOption={options.find((option) => option.value === groupBy) ?? { value: groupBy, label: groupLabel(groupBy) }}
              statusType={busy ? 'loading' : 'finished'}
              onChange={({ detail }) =>
                navigate(`/billing?by=${encodeURIComponent(detail.selectedOption.value ?? 'type')}`, true)}
            />
          }
        >
          {words.chartTitle(groupLabel(cost.groupBy))}
        </Header>
      }
    >
      {rows.length === 0 ? (
        <Empty title={words.emptyTitle} hint={words.emptyHint}>
          <CommandLine>{words.emptyCommand}</CommandLine>
        </Empty>
      ) : (
        <SpaceBetween size="l">
          <BarChart
            ariaLabel={words.chartTitle(groupLabel(cost.groupBy))}
            height={byDay ? 220 : Math.max(80, bars.length * BAR_PX)}
            hideFilter
            hideLegend
            horizontalBars={!byDay}
            xScaleType="categorical"
            yTitle={`${words.chartCost} (${cost.currency})`}
            series={[
              {
                type: 'bar',
                title: words.chartCost,
                // A picture: what is exact stands in the table.
                data: bars.map((slice) => ({ x: label(slice), y: Number(slice.amount) / 1e12 })),
                valueFormatter: (value) => exactMoney(cost.currency, value.toFixed(6)),
              },
            ]}
            i18nStrings={{ yTickFormatter: (value) => exactMoney(cost.currency, value.toFixed(6)) }}
          />
          <Table<Slice>
            variant="embedded"
            items={rows}
            trackBy={(row) => row.key ?? row.label}
            columnDefinitions={[
              { id: 'name', header: groupLabel(cost.groupBy), cell: label, isRowHeader: true },
              { id: 'cost', header: words.exact, cell: (row) => exactMoney(cost.currency, row.amount) },
              { id: 'share', header: words.share, cell: (row) => shareText(row.amount, whole) },
              {
                id: 'time',
                header: words.seconds,
                cell: (row) => (row.group ? durationText(row.group.seconds * 1000) : text.common.none),
              },
              { id: 'runs', header: words.runs, cell: (row) => row.group?.running ?? text.common.none },
              {
                id: 'hour',
                header: words.perHour,
                cell: (row) => (row.group ? exactMoney(cost.currency, row.group.perHour) : text.common.none),
              },
            ]}
          />
        </SpaceBetween>
      )}
    </Container>
  );
}
