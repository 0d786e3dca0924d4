import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Table from '@cloudscape-design/components/table';
import { api, taken } from '../api/client';
import { money } from '../api/money';
import { monthText, timeText } from '../api/time';
import type { InvoiceSummary } from '../api/types';
import { useLoad } from '../api/useLoad';
import { follow, navigate } from '../app/route';
import { Empty, RefusalAlert } from '../app/Shown';
import { text } from '../text';
import { InvoiceState } from './InvoiceState';

const words = text.invoices;

/** What was billed. */
export default function InvoicesPage() {
  const list = useLoad(async () => (await taken(api.GET('/v1/invoices'))).items, []);
  if (list.error) {
    return <RefusalAlert title={text.errors.loadFailed(words.title)} refusal={list.error} onRetry={list.reload} />;
  }
  const all = list.value ?? [];
  return (
    <Table<InvoiceSummary>
      variant="full-page"
      items={all}
      trackBy="id"
      loading={list.loading}
      loadingText={text.common.loading}
      header={
        <Header variant="awsui-h1-sticky" counter={`(${all.length})`} description={words.subtitle}>
          {words.title}
        </Header>
      }
      empty={
        <Empty title={words.emptyTitle} hint={words.emptyHint}>
          <Button onClick={() => navigate('/billing')}>{words.toCosts}</Button>
        </Empty>
      }
      columnDefinitions={[
        {
          id: 'number',
          header: words.number,
          isRowHeader: true,
          cell: (one) => (
            <Link href={`/billing/invoices/${one.id}`} onFollow={follow}>
              {one.number}
            </Link>
          ),
        },
        { id: 'period', header: words.period, cell: (one) => monthText(one.period.start) },
        { id: 'state', header: words.state, cell: (one) => <InvoiceState state={one.state} /> },
        { id: 'issued', header: words.issued, cell: (one) => timeText(one.issuedAt) },
        { id: 'dueAt', header: words.dueAt, cell: (one) => timeText(one.dueAt) },
        { id: 'total', header: words.total, cell: (one) => money(one.currency, one.total) },
        { id: 'due', header: words.due, cell: (one) => money(one.currency, one.due) },
      ]}
    />
  );
}
