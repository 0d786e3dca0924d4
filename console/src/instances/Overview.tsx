import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { timeText } from '../api/time';
import type { Counters, Instance } from '../api/types';
import { useSession } from '../app/session';
import { Ago, Copied, Since } from '../app/Shown';
import { text } from '../text';
import { Cost } from './Cost';
import { State } from './State';

const words = text.instances.detail;
const columns = text.instances.columns;

/** What an instance is, where it is, and what it costs. */
export function Overview(props: { instance: Instance }) {
  const { instance } = props;
  const session = useSession();
  const reason = instance.stateReason?.message;
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{words.summary}</Header>}>
        <KeyValuePairs
          columns={4}
          items={[
            {
              label: columns.state,
              value: (
                <SpaceBetween size="xxs">
                  <State instance={instance} plain />
                  {reason && (
                    <Box variant="small" color="text-body-secondary">
                      {reason}
                    </Box>
                  )}
                </SpaceBetween>
              ),
            },
            { label: columns.id, value: <Copied>{instance.id}</Copied> },
            {
              label: columns.type,
              value: `${instance.type} – ${text.instances.size(instance.vcpu, instance.memoryMib)}`,
            },
            { label: columns.image, value: instance.imageName },
            {
              label: words.placement,
              value: instance.zone
                ? `${columns.zone} ${instance.zone}${session.cloudOperator && instance.node ? `, ${instance.node.name}` : ''}`
                : words.unplaced,
            },
            { label: words.launched, value: <Ago at={instance.createdAt} /> },
            instance.terminatedAt
              ? { label: words.ended, value: timeText(instance.terminatedAt) }
              : {
                  label: words.runningFor,
                  value: instance.runningSince ? <Since at={instance.runningSince} /> : text.common.none,
                },
            {
              label: words.protection,
              value: (
                <StatusIndicator type={instance.terminationProtected ? 'success' : 'stopped'}>
                  {instance.terminationProtected ? words.protectionOn : words.protectionOff}
                </StatusIndicator>
              ),
            },
          ]}
        />
      </Container>
      <Cost instance={instance} />
      {instance.counters && <Used counters={instance.counters} />}
    </SpaceBetween>
  );
}

function Used(props: { counters: Counters }) {
  const { counters } = props;
  const metrics = text.instances.metrics;
  return (
    <Container header={<Header variant="h2">{metrics.totals}</Header>}>
      <KeyValuePairs
        columns={4}
        items={[
          { label: metrics.cpu, value: metrics.cpuSeconds(counters.cpuSeconds) },
          { label: metrics.instructions, value: metrics.number(counters.instructions) },
          { label: metrics.memory, value: metrics.bytes(counters.memoryTouchedBytes) },
          {
            label: metrics.disk,
            value: metrics.both(metrics.read, counters.diskReadBytes, metrics.written, counters.diskWrittenBytes),
          },
          {
            label: metrics.network,
            value: metrics.both(metrics.received, counters.networkReceivedBytes, metrics.sent, counters.networkSentBytes),
          },
          { label: metrics.resets, value: metrics.number(counters.guestResets) },
        ]}
      />
    </Container>
  );
}
