import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Table from '@cloudscape-design/components/table';
import type { Node } from '../api/types';
import { timeText } from '../api/time';
import { useCrumb } from '../app/crumb';
import { follow, navigate } from '../app/route';
import { useSession } from '../app/session';
import { Ago, Copied, Empty, RefusalAlert } from '../app/Shown';
import { text } from '../text';
import { NodeActions } from './NodeActions';
import { NodeState } from './NodeState';
import { drained, fullness, gib } from './packing';
import { useNodes } from './useNodes';

type Vm = Node['vms'][number];

const words = text.fleet;

/** One node: what it holds, live, and how far it is with being emptied. */
export default function NodePage(props: { params: Record<string, string> }) {
  const id = props.params['id'] ?? '';
  const nodes = useNodes();
  const node = nodes.value?.find((one) => one.id === id || one.name === id);
  useCrumb(id, node?.name);
  if (nodes.error && !nodes.value) {
    return <RefusalAlert title={text.errors.loadFailed(id)} refusal={nodes.error} onRetry={nodes.reload} />;
  }
  if (!nodes.value) return <Spinner size="large" />;
  if (!node) {
    return (
      <Empty title={words.missing} hint={words.missingHint}>
        <Button onClick={() => navigate('/fleet')}>{words.toFleet}</Button>
      </Empty>
    );
  }
  return (
    <SpaceBetween size="l">
      <Header variant="h1" actions={<NodeActions node={node} onChanged={nodes.reload} />}>
        {node.name}
      </Header>
      <Draining node={node} />
      <Summary node={node} />
      <Vms node={node} />
    </SpaceBetween>
  );
}

function Draining(props: { node: Node }) {
  const { node } = props;
  if (node.availability === 'cordoned') return <Alert type="info">{words.isCordoned}</Alert>;
  if (node.availability !== 'draining') return null;
  const { drain } = node;
  if (drain && node.instances === 0) {
    return (
      <Alert type="success" header={words.isDrained}>
        {words.isDrainedHint}
      </Alert>
    );
  }
  return (
    <Container header={<Header variant="h2">{words.progress}</Header>}>
      <SpaceBetween size="m">
        <div data-testid="drain">
          <ProgressBar
            ariaLabel={words.progress}
            value={drained(node)}
            additionalInfo={drain && words.left(node.instances, Math.max(drain.startedWith, node.instances), timeText(drain.startedAt))}
          />
        </div>
        {drain?.waitsFor && (
          <Alert type="warning" header={words.waitsFor}>
            {drain.waitsFor}
          </Alert>
        )}
      </SpaceBetween>
    </Container>
  );
}

function Summary(props: { node: Node }) {
  const { node } = props;
  return (
    <Container header={<Header variant="h2">{text.instances.detail.summary}</Header>}>
      <KeyValuePairs
        columns={4}
        items={[
          { label: words.state, value: <NodeState node={node} /> },
          { label: text.instances.columns.zone, value: node.zone },
          { label: words.vcpu, value: words.used(String(node.vcpuUsed), String(node.vcpu)) },
          { label: words.memory, value: words.used(gib(node.memoryMibUsed), gib(node.memoryMib)) },
          { label: words.full, value: words.percent(fullness(node)) },
          { label: words.largestType, value: node.largestType ?? text.common.none },
          { label: words.heartbeat, value: node.lastHeartbeatAt ? <Ago at={node.lastHeartbeatAt} /> : words.ago },
          { label: words.joined, value: timeText(node.registeredAt) },
          { label: words.id, value: <Copied>{node.id}</Copied> },
          { label: words.address, value: <span className="mono">{node.address}</span> },
        ]}
      />
    </Container>
  );
}

function Vms(props: { node: Node }) {
  const { node } = props;
  const session = useSession();
  return (
    <Table<Vm>
      items={node.vms}
      trackBy="instanceId"
      header={
        <Header
          variant="h2"
          counter={`(${node.instances.toLocaleString('en')})`}
          description={node.instances > node.vms.length ? words.newest(node.vms.length) : words.vmsHint}
        >
          {words.vms}
        </Header>
      }
      empty={<Box color="text-status-inactive">{words.holdsNothing}</Box>}
      columnDefinitions={[
        {
          id: 'instance',
          header: words.instance,
          isRowHeader: true,
          cell: (vm) =>
            vm.accountId === session.account.id ? (
              <Link href={`/instances/${vm.instanceId}`} onFollow={follow}>
                {vm.instanceId}
              </Link>
            ) : (
              <span className="mono">{vm.instanceId}</span>
            ),
        },
        {
          id: 'account',
          header: text.invoices.account,
          cell: (vm) => (
            <Link href={`/cloud/accounts/${vm.accountId}`} onFollow={follow}>
              {vm.accountId}
            </Link>
          ),
        },
        { id: 'type', header: words.type, cell: (vm) => vm.type },
        { id: 'size', header: text.instances.columns.size, cell: (vm) => text.instances.size(vm.vcpu, vm.memoryMib) },
        { id: 'state', header: words.state, cell: (vm) => text.instances.history.vm[vm.state.toUpperCase()] ?? vm.state },
        { id: 'since', header: words.here, cell: (vm) => <Ago at={vm.since} /> },
      ]}
    />
  );
}
