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
import { Copied, RefusalAlert } from '../app/Shown';
import { text } from '../text';
import { InvoiceState } from './InvoiceState';
import { InvoiceView } from './InvoiceView';

const words = text.invoices;
const FORMATS = ['pdf', 'csv', 'focus', 'focus-parquet', 'json'] as const;

/** One issued invoice, to read, to explain and to take along. */
export default function InvoicePage(props: { params: Record<string, string> }) {
  const id = props.params['id'] ?? '';
  const loaded = useLoad(
    async () => (await taken(api.GET('/v1/invoices/{invoiceId}', { params: { path: { invoiceId: id } } }))) as Invoice,
    [id],
  );
  if (loaded.error) {
    return <RefusalAlert title={words.missing} refusal={loaded.error} onRetry={loaded.reload} />;
  }
  const invoice = loaded.value;
  if (!invoice) return <Spinner size="large" />;
  const title = words.invoice(`${invoice.accountId}-${String(invoice.number ?? 0).padStart(6, '0')}`);
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={monthText(invoice.period.start)}
        actions={
          <ButtonDropdown
            variant="primary"
            items={FORMATS.map((format) => ({
              id: format,
              text: words[format],
              href: `/v1/invoices/${id}?format=${format}`,
              external: true,
            }))}
          >
            {words.downloads}
          </ButtonDropdown>
        }
      >
        {title}
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
