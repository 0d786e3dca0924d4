import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Table from '@cloudscape-design/components/table';
import { api, taken } from '../api/client';
import { exactMoney, money } from '../api/money';
import { priceText, quantityText } from '../api/quantity';
import { timeText } from '../api/time';
import type { InvoiceLine, LineExplanation } from '../api/types';
import { useLoad } from '../api/useLoad';
import { RefusalAlert } from '../app/Shown';
import { text } from '../text';

const words = text.explain;

type Interval = LineExplanation['intervals'][number];
type Cause = Interval['opened'];

/** A line walked back: price, seconds, rounding, and each interval with the entries of the log behind it. */
export function Explanation(props: { invoiceId: string; line: InvoiceLine; currency: string; onClose: () => void }) {
  const { invoiceId, line, currency, onClose } = props;
  const explained = useLoad(
    () =>
      taken(
        api.GET('/v1/invoices/{invoiceId}/lines/{lineId}/explain', { params: { path: { invoiceId, lineId: line.id } } }),
      ),
    [invoiceId, line.id],
  );
  return (
    <Modal
      visible
      size="max"
      header={words.title(line.resourceName ?? line.resourceId)}
      closeAriaLabel={text.common.close}
      onDismiss={onClose}
    >
      {explained.error && <RefusalAlert title={text.billing.explain} refusal={explained.error} onRetry={explained.reload} />}
      {explained.value ? <Shown explained={explained.value} currency={currency} /> : !explained.error && <Spinner />}
    </Modal>
  );
}

function Shown(props: { explained: LineExplanation; currency: string }) {
  const { explained, currency } = props;
  return (
    <SpaceBetween size="l">
      {explained.changedSince && <Alert type="info">{words.changed}</Alert>}
      <KeyValuePairs
        columns={4}
        items={[
          {
            label: words.price,
            value: (
              <>
                {explained.portions.map((portion) => (
                  <div key={portion.unitPricePerHour}>
                    {words.portion(quantityText(explained.meter, portion.seconds), priceText(explained.meter, currency, portion.unitPricePerHour))}
                  </div>
                ))}
                <Box variant="small">{words.priceFrom(explained.price.priceBookId, timeText(explained.price.validFrom))}</Box>
              </>
            ),
          },
          { label: words.exact, value: exactMoney(currency, explained.exactUnrounded, 12) },
          { label: words.six, value: exactMoney(currency, explained.exactAmount) },
          { label: words.amount, value: <Box variant="strong">{money(currency, explained.amount)}</Box> },
        ]}
      />
      <Box>
        <Box variant="awsui-key-label">{words.rule}</Box>
        {words.rounded(exactMoney(currency, explained.rounding.amountDifference), explained.rounding.rule)}
      </Box>
      <Table<Interval>
        variant="embedded"
        wrapLines
        items={explained.intervals}
        trackBy="usageId"
        header={
          <Header variant="h3" description={words.intervalsHint(explained.intervals.length, explained.intervalsTotal)}>
            {words.intervals}
          </Header>
        }
        columnDefinitions={[
          { id: 'from', header: words.from, cell: (one) => timeText(one.start), isRowHeader: true },
          { id: 'to', header: words.to, cell: (one) => (one.end ? timeText(one.end) : words.goesOn) },
          { id: 'seconds', header: words.seconds, cell: (one) => quantityText(explained.meter, one.units ?? one.seconds + one.minimumSeconds) },
          { id: 'began', header: words.began, cell: (one) => <CauseText cause={one.opened} /> },
          { id: 'ended', header: words.ended, cell: (one) => (one.closed ? <CauseText cause={one.closed} /> : text.common.none) },
        ]}
      />
    </SpaceBetween>
  );
}

/** What ended while it was to run was ended by the cloud, as when its node is emptied. */
function askedBy(state: string, request: NonNullable<Cause['request']>): string {
  const ends = state === 'STOPPING' || state === 'GONE' || state === 'FAILED';
  return ends && request.intent === 'RUN' ? words.byCloud : words.asked(request.intent, request.principal);
}

function CauseText(props: { cause: Cause }) {
  const { cause } = props;
  const states = text.instances.history;
  const what = [states.vm[cause.state] ?? cause.state, cause.cause && (states.causes[cause.cause] ?? cause.cause)];
  return (
    <>
      <div>{what.filter(Boolean).join(', ')}</div>
      <Box variant="small">
        {words.entry(cause.seq)}; {cause.nodeId && cause.nodeBootId ? words.node(cause.nodeId) : words.controlPlane};{' '}
        {cause.request ? askedBy(cause.state, cause.request) : words.byItself}
      </Box>
    </>
  );
}
