import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { api, taken } from '../api/client';
import { monthText, timeText } from '../api/time';
import type { Invoice } from '../api/types';
import { useLoad } from '../api/useLoad';
import { useCrumb } from '../app/crumb';
import { navigate } from '../app/route';
import { useSession } from '../app/session';
import { Copied, Empty, RefusalAlert } from '../app/Shown';
import { text } from '../text';
import { InvoiceState } from './InvoiceState';
import { InvoiceView } from './InvoiceView';
import { Settle } from './Settle';

const words = text.invoices;
const FORMATS = ['pdf', 'csv', 'focus', 'focus-parquet', 'json'] as const;

/** One issued invoice, to read, to explain and to take along. */
export default function InvoicePage(props: { params: Record<string, string> }) {
  const id = props.params['id'] ?? '';
  const session = useSession();
  const loaded = useLoad(
    async () => (await taken(api.GET('/v1/invoices/{invoiceId}', { params: { path: { invoiceId: id } } }))) as Invoice,
    [id],
  );
  const invoice = loaded.value;
  const number = invoice && `${invoice.accountId}-${String(invoice.number ?? 0).padStart(6, '0')}`;
  useCrumb(id, number);
  if (loaded.error?.status === 404 || loaded.error?.status === 400) {
    return (
      <Empty title={words.missing} hint={words.missingHint}>
        <Button onClick={() => navigate('/billing/invoices')}>{words.toInvoices}</Button>
      </Empty>
    );
  }
  if (loaded.error) {
    return <RefusalAlert title={text.errors.loadFailed(words.title)} refusal={loaded.error} onRetry={loaded.reload} />;
  }
  if (!invoice || !number) return <Spinner size="large" />;
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={monthText(invoice.period.start)}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
          {session.cloudOperator && invoice.state === 'issued' && <Settle id={id} number={number} onSettled={loaded.reload} />}
          <ButtonDropdown
            variant="primary"
            items={FORMATS.map((format) => ({
              id: format,
              text: words[format],
              href: `/v1/invoices/${id}?format=${format}`,
              // The others are files: the page stays.
              external: format === 'json',
            }))}
          >
            {words.downloads}
          </ButtonDropdown>
          </SpaceBetween>
        }
      >
        {words.invoice(number)}
      </Header>
      <Facts invoice={invoice} />
      <InvoiceView invoice={invoice} title={text.billing.lines} />
    </SpaceBetween>
  );
}

function Facts(props: { invoice: Invoice }) {
  const { invoice } = props;
  const { certificate } = invoice;
  return (
    <Container>
      <KeyValuePairs
        columns={3}
        items={[
          { label: words.state, value: <InvoiceState state={invoice.state} /> },
          { label: words.account, value: `${invoice.accountName ?? ''} ${invoice.accountId}` },
          { label: words.issued, value: invoice.issuedAt ? timeText(invoice.issuedAt) : text.common.none },
          { label: words.dueAt, value: invoice.dueAt ? timeText(invoice.dueAt) : text.common.none },
          ...(invoice.settledAt ? [{ label: words.settled, value: [timeText(invoice.settledAt), invoice.settledNote].filter(Boolean).join(', ') }] : []),
          ...(certificate
            ? [
                { label: words.digest, value: <Copied>{certificate.digest}</Copied> },
                { label: words.logHead, value: <Copied>{certificate.logHead}</Copied> },
              ]
            : []),
        ]}
      />
    </Container>
  );
}
