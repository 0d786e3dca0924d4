import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { components } from '@contract';
import { api, taken } from '../api/client';
import { timeText } from '../api/time';
import { useLoad } from '../api/useLoad';
import { follow, navigate } from '../app/route';
import { useSession } from '../app/session';
import { Empty, RefusalAlert } from '../app/Shown';
import { text } from '../text';

type Book = components['schemas']['PriceBookSummary'];

const words = text.prices;
const TYPES: Record<keyof typeof words.states, StatusIndicatorProps.Type> = {
  past: 'stopped',
  current: 'success',
  future: 'pending',
};

function stateOf(book: Book, now: number): keyof typeof words.states {
  if (Date.parse(book.validFrom) > now) return 'future';
  return book.validTo !== undefined && Date.parse(book.validTo) <= now ? 'past' : 'current';
}

/** All price books, the newest first. */
export default function PriceBooksPage() {
  const session = useSession();
  const list = useLoad(async () => (await taken(api.GET('/v1/price-books'))).items, []);
  if (list.error) {
    return <RefusalAlert title={text.errors.loadFailed(words.title)} refusal={list.error} onRetry={list.reload} />;
  }
  const all = [...(list.value ?? [])].reverse();
  const publish = session.cloudOperator && (
    <Button variant="primary" onClick={() => navigate('/billing/prices/new')}>
      {words.publish}
    </Button>
  );
  return (
    <Table<Book>
      variant="full-page"
      items={all}
      trackBy="id"
      loading={list.loading && !list.value}
      loadingText={text.common.loading}
      header={
        <Header variant="awsui-h1-sticky" counter={`(${all.length})`} description={words.subtitle} actions={publish}>
          {words.title}
        </Header>
      }
      empty={<Empty title={words.emptyTitle} hint={words.emptyHint} />}
      columnDefinitions={[
        {
          id: 'id',
          header: words.id,
          isRowHeader: true,
          cell: (book) => (
            <Link href={`/billing/prices/${book.id}`} onFollow={follow}>
              {book.id}
            </Link>
          ),
        },
        {
          id: 'state',
          header: words.state,
          cell: (book) => {
            const state = stateOf(book, Date.now());
            return <StatusIndicator type={TYPES[state]}>{words.states[state]}</StatusIndicator>;
          },
        },
        { id: 'from', header: words.from, cell: (book) => timeText(book.validFrom) },
        { id: 'to', header: words.to, cell: (book) => (book.validTo ? timeText(book.validTo) : words.open) },
        { id: 'currency', header: words.currency, cell: (book) => book.currency },
      ]}
    />
  );
}
