import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Table from '@cloudscape-design/components/table';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import type { components } from '@contract';
import { api, taken } from '../api/client';
import { ofMicros, priceText } from '../api/quantity';
import { asRefusal, type Refusal } from '../api/refusal';
import { useLoad } from '../api/useLoad';
import { Dialog } from '../app/Dialog';
import { notify } from '../app/notices';
import { navigate } from '../app/route';
import { RefusalAlert } from '../app/Shown';
import { text } from '../text';

type Book = components['schemas']['PriceBook'];
type Publication = components['schemas']['PriceBookPublication'];
type Change = Publication['changes'][number];

const words = text.prices;

/** For operators of the cloud: the next price book, begun as a copy of the newest. */
export default function NewPriceBookPage() {
  const newest = useLoad(async () => {
    const { items } = await taken(api.GET('/v1/price-books'));
    const last = items[items.length - 1];
    return last
      ? await taken(api.GET('/v1/price-books/{priceBookId}', { params: { path: { priceBookId: last.id } } }))
      : undefined;
  }, []);
  if (newest.error) {
    return <RefusalAlert title={text.errors.loadFailed(words.title)} refusal={newest.error} onRetry={newest.reload} />;
  }
  return newest.loading && !newest.value ? <Spinner size="large" /> : <Form newest={newest.value} />;
}

/** The first of the next month: prices change when months do. */
function nextMonth(now: Date): string {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)).toISOString().replace('.000', '');
}

/** A line for a price. */
function listText(prices: Book['prices']): string {
  return `[\n  ${prices.map((price) => JSON.stringify(price)).join(',\n  ')}\n]`;
}

/** The prices in JSON, or why they are not. */
function pricesOf(list: string): { prices: Book['prices'] } | { wrong: string } {
  try {
    const prices: unknown = JSON.parse(list);
    return Array.isArray(prices) ? { prices: prices as Book['prices'] } : { wrong: typeof prices };
  } catch (thrown) {
    return { wrong: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function Form(props: { newest: Book | undefined }) {
  const { newest } = props;
  const begins = nextMonth(new Date());
  const [id, setId] = useState(begins.slice(0, 7));
  const [from, setFrom] = useState(begins);
  const [currency, setCurrency] = useState(newest?.currency ?? 'USD');
  const [list, setList] = useState(() => listText(newest?.prices ?? []));
  const [tried, setTried] = useState<Publication>();
  const [refusal, setRefusal] = useState<Refusal>();
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState(false);
  const read = pricesOf(list);

  function send(dryRun: boolean): Promise<Publication> {
    const body: Book = { id, currency, validFrom: from, prices: 'prices' in read ? read.prices : [] };
    return taken(
      api.PUT('/v1/price-books/{priceBookId}', { params: { path: { priceBookId: id }, query: { dryRun } }, body }),
    );
  }

  async function tryIt() {
    setBusy(true);
    setRefusal(undefined);
    setTried(undefined);
    try {
      setTried(await send(true));
    } catch (thrown) {
      setRefusal(asRefusal(thrown));
    }
    setBusy(false);
  }

  function changed<T>(set: (value: T) => void): (value: T) => void {
    return (value) => {
      set(value);
      setTried(undefined);
    };
  }

  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={words.nextHint}>
        {words.next}
      </Header>
      <Container>
        <SpaceBetween size="l">
          <ColumnLayout columns={3}>
            <FormField label={words.id} constraintText={words.idHint}>
              <Input value={id} spellcheck={false} onChange={({ detail }) => changed(setId)(detail.value.trim())} />
            </FormField>
            <FormField label={words.fromLabel} constraintText={words.fromHint}>
              <Input value={from} spellcheck={false} onChange={({ detail }) => changed(setFrom)(detail.value.trim())} />
            </FormField>
            <FormField label={words.currency}>
              <Input value={currency} spellcheck={false} onChange={({ detail }) => changed(setCurrency)(detail.value.trim())} />
            </FormField>
          </ColumnLayout>
          <FormField
            label={words.list}
            constraintText={words.listHint}
            errorText={'wrong' in read ? words.notJson(read.wrong) : undefined}
            stretch
          >
            <Textarea className="code" value={list} rows={12} spellcheck={false} onChange={({ detail }) => changed(setList)(detail.value)} />
          </FormField>
          <SpaceBetween direction="horizontal" size="xs">
            <Button loading={busy} disabled={id === '' || 'wrong' in read} onClick={() => void tryIt()}>
              {words.tryIt}
            </Button>
            <Button variant="link" onClick={() => navigate('/billing/prices')}>
              {text.common.cancel}
            </Button>
          </SpaceBetween>
        </SpaceBetween>
      </Container>
      {refusal && <RefusalAlert title={words.refused} refusal={refusal} />}
      {tried && <Changes tried={tried} currency={currency} onPublish={() => setAsked(true)} />}
      {asked && (
        <Dialog
          title={words.publishQuestion(id)}
          action={words.publishNow}
          onClose={() => setAsked(false)}
          go={async () => {
            await send(false);
            notify({ type: 'success', content: words.published(id) });
            navigate('/billing/prices');
          }}
        >
          <Alert type="warning">{words.publishHint(from)}</Alert>
        </Dialog>
      )}
    </SpaceBetween>
  );
}

function Changes(props: { tried: Publication; currency: string; onPublish: () => void }) {
  const { tried, currency, onPublish } = props;
  // A plain price is millionths; one with tiers comes in words.
  const shown = (change: Change, price: string | undefined, none: string) => {
    if (price === undefined) return none;
    return /^\d+$/.test(price) ? priceText(change.meter, currency, ofMicros(Number(price))) : price;
  };
  return (
    <Table<Change>
      items={tried.changes}
      trackBy={(change) => `${change.meter} ${change.sku}`}
      wrapLines
      header={
        <Header
          variant="h2"
          counter={`(${tried.changes.length.toLocaleString('en')})`}
          description={tried.replaces ? words.replaces(tried.replaces) : words.first}
          actions={
            <Button variant="primary" onClick={onPublish}>
              {words.publishNow}
            </Button>
          }
        >
          {words.tried}
        </Header>
      }
      empty={<Box color="text-status-inactive">{words.unchanged}</Box>}
      columnDefinitions={[
        { id: 'sku', header: words.sku, cell: (change) => change.sku, isRowHeader: true },
        { id: 'meter', header: words.meter, cell: (change) => text.meters.names[change.meter] },
        { id: 'before', header: words.before, cell: (change) => shown(change, change.before, words.added) },
        { id: 'after', header: words.after, cell: (change) => shown(change, change.after, words.removed) },
        {
          id: 'percent',
          header: words.change,
          cell: (change) => (change.percent === undefined ? text.common.none : words.percent(change.percent)),
        },
      ]}
    />
  );
}
