import { useCollection } from '@cloudscape-design/collection-hooks';
import Alert from '@cloudscape-design/components/alert';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import type { components } from '@contract';
import { api, taken } from '../api/client';
import { allPages } from '../api/pages';
import { quantityText } from '../api/quantity';
import { timeText } from '../api/time';
import { useLoad } from '../api/useLoad';
import { follow } from '../app/route';
import { useSession } from '../app/session';
import { Empty, RefusalAlert } from '../app/Shown';
import { text } from '../text';

type Usage = components['schemas']['Usage'];

const words = text.usage;
const PAGE = 50;
const USAGE_MAX = 10_000;

/** Each metered interval of this month, with what its VM used meanwhile. */
export default function UsagePage() {
  const session = useSession();
  const list = useLoad(
    () =>
      allPages<Usage>(
        (cursor) => taken(api.GET('/v1/usage', { params: { query: { limit: 1000, cursor } } })),
        USAGE_MAX,
      ),
    [],
  );
  const newest = [...(list.value?.items ?? [])].reverse();
  const { items, collectionProps, filterProps, paginationProps, filteredItemsCount } = useCollection(newest, {
    filtering: {
      fields: ['resourceId', 'sku'],
      filteringFunction: (one, wanted) =>
        `${one.resourceId} ${one.sku} ${text.meters.names[one.meter]}`.toLowerCase().includes(wanted.trim().toLowerCase()),
      empty: <Empty title={words.emptyTitle} hint={words.emptyHint} />,
      noMatch: <Empty title={text.common.noMatch} hint={text.common.noMatchHint} />,
    },
    pagination: { pageSize: PAGE },
    sorting: {},
  });
  if (list.error) {
    return <RefusalAlert title={text.errors.loadFailed(words.title)} refusal={list.error} onRetry={list.reload} />;
  }
  return (
    <SpaceBetween size="m">
      {list.value && !list.value.whole && <Alert type="info">{words.notWhole(USAGE_MAX)}</Alert>}
      <Table<Usage>
        {...collectionProps}
        variant="full-page"
        enableKeyboardNavigation
        items={items}
        trackBy="id"
        loading={list.loading && !list.value}
        loadingText={text.common.loading}
        header={
          <Header variant="awsui-h1-sticky" counter={`(${newest.length.toLocaleString('en')})`} description={words.subtitle}>
            {words.title}
          </Header>
        }
        filter={
          <TextFilter
            {...filterProps}
            filteringPlaceholder={words.find}
            filteringAriaLabel={words.find}
            countText={text.common.matches(filteredItemsCount ?? 0)}
          />
        }
        pagination={<Pagination {...paginationProps} />}
        columnDefinitions={[
          {
            id: 'resource',
            header: words.resource,
            isRowHeader: true,
            sortingField: 'resourceId',
            cell: (one) =>
              session.role === 'billing' || !one.resourceId.startsWith('i-') ? (
                <span className="mono">{one.resourceId}</span>
              ) : (
                <Link href={`/instances/${one.resourceId}`} onFollow={follow}>
                  {one.resourceId}
                </Link>
              ),
          },
          { id: 'meter', header: words.meter, cell: (one) => text.meters.names[one.meter], sortingField: 'meter' },
          { id: 'sku', header: words.sku, cell: (one) => one.sku, sortingField: 'sku' },
          { id: 'start', header: words.start, cell: (one) => <span className="nowrap">{timeText(one.start)}</span>, sortingField: 'start' },
          { id: 'end', header: words.end, cell: (one) => <span className="nowrap">{one.end ? timeText(one.end) : words.goesOn}</span> },
          {
            id: 'quantity',
            header: words.quantity,
            cell: (one) => quantityText(one.meter, one.units ?? one.seconds),
            sortingComparator: (a, b) => (a.units ?? a.seconds) - (b.units ?? b.seconds),
          },
          {
            id: 'cpu',
            header: words.cpu,
            cell: (one) =>
              one.cpuSeconds === undefined
                ? text.common.none
                : words.cpuSeconds(one.cpuSeconds.toLocaleString('en', { maximumFractionDigits: 1 })),
          },
          {
            id: 'memory',
            header: words.memory,
            cell: (one) => (one.memoryBytes === undefined ? text.common.none : text.instances.metrics.bytes(one.memoryBytes)),
          },
        ]}
      />
    </SpaceBetween>
  );
}
