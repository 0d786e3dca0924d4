import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import Spinner from '@cloudscape-design/components/spinner';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import type { components } from '@contract';
import { api, taken } from '../api/client';
import { kindOf, ofMicros, priceText, tierText } from '../api/quantity';
import { timeText } from '../api/time';
import { useLoad } from '../api/useLoad';
import { navigate } from '../app/route';
import { Empty, RefusalAlert } from '../app/Shown';
import { text } from '../text';

type Book = components['schemas']['PriceBook'];
type Price = Book['prices'][number];

const words = text.prices;
const PAGE = 50;

/** One price book with all its prices. */
export default function PriceBookPage(props: { params: Record<string, string> }) {
  const id = props.params['id'] ?? '';
  const loaded = useLoad(
    () => taken(api.GET('/v1/price-books/{priceBookId}', { params: { path: { priceBookId: id } } })),
    [id],
  );
  if (loaded.error?.status === 404) {
    return (
      <Empty title={words.missing} hint={words.missingHint}>
        <Button onClick={() => navigate('/billing/prices')}>{words.toBooks}</Button>
      </Empty>
    );
  }
  if (loaded.error) {
    return <RefusalAlert title={text.errors.loadFailed(words.book(id))} refusal={loaded.error} onRetry={loaded.reload} />;
  }
  return loaded.value ? <Shown book={loaded.value} /> : <Spinner size="large" />;
}

function Shown(props: { book: Book }) {
  const { book } = props;
  const { items, collectionProps, filterProps, paginationProps, filteredItemsCount } = useCollection(book.prices, {
    filtering: {
      filteringFunction: (price, wanted) =>
        `${price.sku} ${text.meters.names[price.meter]}`.toLowerCase().includes(wanted.trim().toLowerCase()),
      noMatch: <Empty title={text.common.noMatch} hint={text.common.noMatchHint} />,
    },
    pagination: { pageSize: PAGE },
    sorting: {},
  });
  const until = book.validTo ? timeText(book.validTo) : words.open;
  return (
    <Table<Price>
      {...collectionProps}
      variant="full-page"
      items={items}
      trackBy={(price) => `${price.meter} ${price.sku}`}
      header={
        <Header
          variant="awsui-h1-sticky"
          counter={`(${book.prices.length.toLocaleString('en')})`}
          description={`${timeText(book.validFrom)} – ${until}`}
        >
          {words.book(book.id)}
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
        { id: 'sku', header: words.sku, cell: (price) => price.sku, sortingField: 'sku', isRowHeader: true },
        { id: 'meter', header: words.meter, cell: (price) => text.meters.names[price.meter], sortingField: 'meter' },
        { id: 'price', header: words.price, cell: (price) => <PriceCell price={price} currency={book.currency} /> },
        { id: 'free', header: words.free, cell: (price) => (price.free ? tierText(price.meter, price.free) : text.common.none) },
        {
          id: 'least',
          header: words.least,
          cell: (price) => (kindOf(price.meter) === 'time' ? words.seconds(price.minimumSeconds) : text.common.none),
        },
      ]}
    />
  );
}

function PriceCell(props: { price: Price; currency: string }) {
  const { price, currency } = props;
  if (price.micros !== undefined) return <>{priceText(price.meter, currency, ofMicros(price.micros))}</>;
  const tiers = price.graduated ?? price.volume ?? [];
  return (
    <>
      {tiers.map((tier) => (
        <div key={tier.from}>{words.tier(tierText(price.meter, tier.from), priceText(price.meter, currency, ofMicros(tier.micros)))}</div>
      ))}
      <Box variant="small">{price.graduated ? words.graduated : words.volume}</Box>
    </>
  );
}
