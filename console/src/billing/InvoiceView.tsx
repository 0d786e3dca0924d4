import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useState } from 'react';
import { exactMoney, money } from '../api/money';
import { kindOf, priceText, quantityText } from '../api/quantity';
import { durationText } from '../api/time';
import type { Invoice, InvoiceLine } from '../api/types';
import { follow } from '../app/route';
import { useSession } from '../app/session';
import { Empty } from '../app/Shown';
import { text } from '../text';
import { Explanation } from './Explanation';

const words = text.billing;
const PAGE = 25;

/** The lines of an invoice or of the draft, what is added and taken off, and the sums. */
export function InvoiceView(props: { invoice: Invoice; title: string; hint?: string }) {
  const { invoice, title, hint } = props;
  const [explained, setExplained] = useState<InvoiceLine>();
  return (
    <SpaceBetween size="l">
      <Lines invoice={invoice} title={title} hint={hint} onExplain={setExplained} />
      {invoice.subtotals.length > 1 && <Subtotals invoice={invoice} />}
      {invoice.adjustments.length > 0 && <Adjustments invoice={invoice} />}
      <Sums invoice={invoice} />
      {explained && (
        <Explanation
          invoiceId={invoice.id ?? 'current'}
          line={explained}
          currency={invoice.currency}
          onClose={() => setExplained(undefined)}
        />
      )}
    </SpaceBetween>
  );
}

function Lines(props: {
  invoice: Invoice;
  title: string;
  hint: string | undefined;
  onExplain: (line: InvoiceLine) => void;
}) {
  const { invoice, title, hint, onExplain } = props;
  const session = useSession();
  const { items, collectionProps, filterProps, paginationProps, filteredItemsCount } = useCollection(invoice.lines, {
    filtering: {
      fields: ['resourceId', 'resourceName', 'sku'],
      empty: <Empty title={words.noLines} hint={words.noLinesHint} />,
      noMatch: <Empty title={text.common.noMatch} hint={text.common.noMatchHint} />,
    },
    pagination: { pageSize: PAGE },
    sorting: {},
  });
  const nameOf = (line: InvoiceLine) => line.resourceName ?? line.resourceId;
  return (
    <Table<InvoiceLine>
      {...collectionProps}
      items={items}
      trackBy="id"
      header={
        <Header variant="h2" counter={`(${invoice.lines.length.toLocaleString('en')})`} description={hint}>
          {title}
        </Header>
      }
      filter={
        invoice.lines.length > PAGE && (
          <TextFilter {...filterProps} filteringPlaceholder={words.find} countText={text.common.matches(filteredItemsCount ?? 0)} />
        )
      }
      pagination={invoice.lines.length > PAGE && <Pagination {...paginationProps} />}
      columnDefinitions={[
        {
          id: 'resource',
          header: words.resource,
          isRowHeader: true,
          sortingComparator: (a, b) => nameOf(a).localeCompare(nameOf(b)),
          cell: (line) =>
            session.role === 'billing' || !line.resourceId.startsWith('i-') ? (
              nameOf(line)
            ) : (
              <Link href={`/instances/${line.resourceId}`} onFollow={follow}>
                {nameOf(line)}
              </Link>
            ),
        },
        {
          id: 'sku',
          header: words.what,
          sortingField: 'sku',
          cell: (line) => (
            <>
              {line.sku}
              <Box variant="small" display="block">{text.meters.names[line.meter]}</Box>
            </>
          ),
        },
        {
          id: 'time',
          header: words.quantity,
          sortingField: 'seconds',
          cell: (line) => (
            <>
              {quantityText(line.meter, line.units ?? line.seconds)}
              {kindOf(line.meter) === 'time' && line.minimumSeconds > 0 && (
                <Box variant="small">{words.minimum(durationText(line.minimumSeconds * 1000))}</Box>
              )}
            </>
          ),
        },
        { id: 'unit', header: words.unit, cell: (line) => <UnitPrice line={line} currency={invoice.currency} /> },
        {
          id: 'exact',
          header: words.exactAmount,
          cell: (line) => exactMoney(invoice.currency, line.exactAmount),
          sortingComparator: (a, b) => Number(a.exactAmount) - Number(b.exactAmount),
        },
        { id: 'amount', header: words.amount, cell: (line) => money(invoice.currency, line.amount) },
        {
          id: 'explain',
          header: words.explain,
          cell: (line) => (
            <Button variant="inline-link" ariaLabel={words.explainLine(nameOf(line))} onClick={() => onExplain(line)}>
              {words.explain}
            </Button>
          ),
        },
      ]}
    />
  );
}

function UnitPrice(props: { line: InvoiceLine; currency: string }) {
  const { line, currency } = props;
  return (
    <>
      {priceText(line.meter, currency, line.unitPricePerHour)}
      {(line.portions?.length ?? 0) > 1 && <Box variant="small" display="block">{words.tiers}</Box>}
    </>
  );
}

/** What each service comes to, where there are several. */
function Subtotals(props: { invoice: Invoice }) {
  const { invoice } = props;
  return (
    <Table
      items={invoice.subtotals}
      trackBy="service"
      header={<Header variant="h2">{words.byService}</Header>}
      columnDefinitions={[
        { id: 'service', header: words.service, cell: (one) => one.service, isRowHeader: true },
        { id: 'exact', header: words.exactAmount, cell: (one) => exactMoney(invoice.currency, one.exactAmount) },
        { id: 'amount', header: words.amount, cell: (one) => money(invoice.currency, one.amount) },
      ]}
    />
  );
}

function Adjustments(props: { invoice: Invoice }) {
  const { invoice } = props;
  return (
    <Table
      items={invoice.adjustments}
      trackBy="id"
      header={<Header variant="h2">{words.adjustments}</Header>}
      columnDefinitions={[
        { id: 'title', header: words.what, cell: (one) => one.title, isRowHeader: true },
        { id: 'exact', header: words.exactAmount, cell: (one) => exactMoney(invoice.currency, one.exactAmount) },
        { id: 'amount', header: words.amount, cell: (one) => money(invoice.currency, one.amount) },
      ]}
    />
  );
}

function Sums(props: { invoice: Invoice }) {
  const { invoice } = props;
  const { currency } = invoice;
  return (
    <Container header={<Header variant="h2">{words.totals}</Header>}>
      <KeyValuePairs
        columns={4}
        items={[
          { label: words.exactTotal, value: exactMoney(currency, invoice.exactTotal) },
          { label: words.rounding, value: exactMoney(currency, invoice.rounding) },
          { label: words.net, value: money(currency, invoice.net) },
          { label: invoice.taxName, value: money(currency, invoice.tax) },
          { label: words.total, value: <Box variant="strong">{money(currency, invoice.total)}</Box> },
          { label: words.credit, value: money(currency, invoice.credit) },
          { label: words.due, value: <Box variant="strong">{money(currency, invoice.due)}</Box> },
        ]}
      />
    </Container>
  );
}
