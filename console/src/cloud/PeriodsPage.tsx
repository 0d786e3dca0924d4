import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import type { components } from '@contract';
import { api, taken } from '../api/client';
import { quantityText } from '../api/quantity';
import { asRefusal, type Refusal } from '../api/refusal';
import { monthText } from '../api/time';
import { Dialog } from '../app/Dialog';
import { notify } from '../app/notices';
import { navigate, useRoute } from '../app/route';
import { Empty, RefusalAlert } from '../app/Shown';
import { text } from '../text';
import { monthsUntil } from './months';

type Audit = components['schemas']['UsageAudit'];
type Difference = Audit['differences'][number];

const words = text.periods;
const MONTHS_SHOWN = 24;

function nameOf(month: string): string {
  return monthText(`${month}-01T00:00:00Z`);
}

/** For operators of the cloud: audit a month, and issue its invoices. */
export default function PeriodsPage() {
  const { query } = useRoute();
  const months = monthsUntil(new Date(), MONTHS_SHOWN);
  const asked = query.get('month');
  const month = asked && /^\d{4}-\d{2}$/.test(asked) ? asked : (months[1] ?? '');
  const [audit, setAudit] = useState<{ month: string; audit: Audit }>();
  const [refusal, setRefusal] = useState<Refusal>();
  const [busy, setBusy] = useState(false);
  const [closing, setClosing] = useState(false);
  const options = [...new Set([month, ...months])].sort().reverse().map((value) => ({ value, label: nameOf(value) }));

  async function look() {
    setBusy(true);
    setRefusal(undefined);
    try {
      const found = await taken(api.GET('/v1/billing-periods/{month}/audit', { params: { path: { month } } }));
      setAudit({ month, audit: found });
    } catch (thrown) {
      setRefusal(asRefusal(thrown));
    }
    setBusy(false);
  }

  async function close() {
    const closed = await taken(api.PUT('/v1/billing-periods/{month}', { params: { path: { month } } }));
    setRefusal(undefined);
    setAudit({ month, audit: closed.audit });
    if (!closed.audit.agrees) notify({ type: 'error', content: words.notIssued });
    else notify({ type: 'success', content: words.issued(nameOf(month), closed.issued, closed.unchanged) });
    if (closed.waiting > 0) notify({ type: 'warning', content: words.waiting(closed.waiting) });
  }

  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={words.subtitle}>
        {words.title}
      </Header>
      <Container>
        <SpaceBetween direction="horizontal" size="xs" alignItems="end">
          <Select
            className="group-by"
            inlineLabelText={words.month}
            options={options}
            selectedOption={options.find((option) => option.value === month) ?? null}
            onChange={({ detail }) => navigate(`/cloud/periods?month=${detail.selectedOption.value}`, true)}
          />
          <Button loading={busy} onClick={() => void look()}>
            {words.audit}
          </Button>
          <Button variant="primary" onClick={() => setClosing(true)}>
            {words.close}
          </Button>
        </SpaceBetween>
      </Container>
      {refusal && <RefusalAlert title={text.errors.loadFailed(words.result(nameOf(month)))} refusal={refusal} />}
      {audit ? <Result month={audit.month} audit={audit.audit} /> : <Empty title={words.emptyTitle} hint={words.emptyHint} />}
      {closing && (
        <Dialog title={words.closeQuestion(nameOf(month))} action={words.close} onClose={() => setClosing(false)} go={close}>
          <Alert type="warning">{words.closeHint}</Alert>
        </Dialog>
      )}
    </SpaceBetween>
  );
}

function Result(props: { month: string; audit: Audit }) {
  const { month, audit } = props;
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2" description={words.auditHint}>{words.result(nameOf(month))}</Header>}>
        <KeyValuePairs
          columns={4}
          items={[
            {
              label: words.verdict,
              value: <StatusIndicator type={audit.agrees ? 'success' : 'error'}>{audit.agrees ? words.agrees : words.differs}</StatusIndicator>,
            },
            {
              label: words.log,
              value: <StatusIndicator type={audit.logIsWhole ? 'success' : 'error'}>{audit.logIsWhole ? words.whole : words.broken}</StatusIndicator>,
            },
            { label: words.entries, value: audit.transitions.toLocaleString('en') },
            { label: words.resources, value: audit.resources.toLocaleString('en') },
            { label: words.through, value: audit.throughSeq.toLocaleString('en') },
            ...(audit.wronglyRated.length > 0
              ? [{ label: words.wronglyRated, value: <span className="mono">{audit.wronglyRated.join(', ')}</span> }]
              : []),
          ]}
        />
      </Container>
      {audit.differencesTotal > 0 && (
        <Table<Difference>
          items={audit.differences}
          header={
            <Header variant="h2" description={words.differencesHint(audit.differences.length, audit.differencesTotal)}>
              {words.differences}
            </Header>
          }
          columnDefinitions={[
            { id: 'account', header: text.invoices.account, cell: (one) => <span className="mono">{one.accountId}</span> },
            { id: 'resource', header: text.usage.resource, isRowHeader: true, cell: (one) => <span className="mono">{one.resourceId}</span> },
            { id: 'meter', header: text.usage.meter, cell: (one) => text.meters.names[one.meter] },
            { id: 'usage', header: words.fromUsage, cell: (one) => quantityText(one.meter, one.fromUsage) },
            { id: 'log', header: words.fromLog, cell: (one) => <Box>{quantityText(one.meter, one.fromTransitions)}</Box> },
          ]}
        />
      )}
    </SpaceBetween>
  );
}
