import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Pagination from '@cloudscape-design/components/pagination';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useEffect } from 'react';
import { instanceTypes } from '../api/catalog';
import type { Instance, InstanceType, Node } from '../api/types';
import { useLoad } from '../api/useLoad';
import { follow } from '../app/route';
import { Ago, Empty, RefusalAlert } from '../app/Shown';
import { instances } from '../instances/store';
import { useInstances } from '../instances/useInstances';
import { text } from '../text';
import { HeatMap } from './HeatMap';
import { NodeActions } from './NodeActions';
import { nodeLabel, NodeState } from './NodeState';
import { fullness, gib, room, stateOf, sums, type Room } from './packing';
import { useNodes } from './useNodes';
import { Vms } from './Vms';

const words = text.fleet;
const PAGE = 25;

/** For operators of the cloud: where there is room, and what waits for it. */
export default function FleetPage() {
  const nodes = useNodes();
  const types = useLoad(instanceTypes, []);
  const { reload } = nodes;
  if (nodes.error && !nodes.value) {
    return <RefusalAlert title={text.errors.loadFailed(words.title)} refusal={nodes.error} onRetry={reload} />;
  }
  const all = nodes.value;
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={words.subtitle}>
        {words.title}
      </Header>
      {!all && <Spinner size="large" />}
      {all?.length === 0 && <Empty title={words.empty} hint={words.emptyHint} />}
      {all && all.length > 0 && (
        <SpaceBetween size="l">
          <Packing nodes={all} />
          <Container header={<Header variant="h2" description={words.mapHint}>{words.map}</Header>}>
            <HeatMap nodes={all} labelOf={nodeLabel} />
          </Container>
          <ColumnLayout columns={2}>
            <Fits rooms={room(all, types.value ?? [])} />
            <Pending />
          </ColumnLayout>
          <Nodes nodes={all} onChanged={reload} />
        </SpaceBetween>
      )}
    </SpaceBetween>
  );
}

function Packing(props: { nodes: Node[] }) {
  const total = sums(props.nodes);
  const share = (used: number, all: number) => (all === 0 ? 0 : Math.round((100 * used) / all));
  return (
    <Container header={<Header variant="h2">{words.packing}</Header>}>
      <ColumnLayout columns={4} variant="text-grid">
        <div>
          <Box variant="awsui-key-label">{words.nodes}</Box>
          <StatusIndicator type={total.ready === total.nodes ? 'success' : 'warning'}>
            {words.used(String(total.ready), String(total.nodes))} {words.ready.toLowerCase()}
          </StatusIndicator>
        </div>
        <div>
          <Box variant="awsui-key-label">{words.instances}</Box>
          {total.instances.toLocaleString('en')}
        </div>
        <ProgressBar
          label={words.vcpu}
          value={share(total.vcpuUsed, total.vcpu)}
          additionalInfo={words.used(String(total.vcpuUsed), String(total.vcpu))}
        />
        <ProgressBar
          label={words.memory}
          value={share(total.memoryMibUsed, total.memoryMib)}
          additionalInfo={words.used(gib(total.memoryMibUsed), gib(total.memoryMib))}
        />
      </ColumnLayout>
    </Container>
  );
}

function Fits(props: { rooms: Room[] }) {
  return (
    <Table<Room>
      items={props.rooms}
      trackBy={(one) => one.type.name}
      header={
        <Header variant="h2" description={words.fitsHint}>
          {words.fits}
        </Header>
      }
      columnDefinitions={[
        { id: 'type', header: words.type, isRowHeader: true, cell: (one) => one.type.name },
        { id: 'size', header: text.instances.columns.size, cell: (one) => sizeOf(one.type) },
        { id: 'room', header: words.room, cell: (one) => one.all.toLocaleString('en') },
        { id: 'largest', header: words.largest, cell: (one) => one.mostOnOne.toLocaleString('en') },
      ]}
    />
  );
}

function sizeOf(type: InstanceType): string {
  return text.instances.size(type.vcpu, type.memoryMib);
}

function Pending() {
  const { items, loaded } = useInstances();
  useEffect(() => {
    if (!loaded) void instances.load();
  }, [loaded]);
  const waiting = items.filter((one) => one.state === 'pending' && !one.node).slice(0, PAGE);
  return (
    <Table<Instance>
      items={waiting}
      trackBy="id"
      wrapLines
      loading={!loaded}
      loadingText={text.common.loading}
      header={
        <Header variant="h2" description={words.pendingHint}>
          {words.pending}
        </Header>
      }
      empty={<Box color="text-status-inactive">{words.pendingNone}</Box>}
      columnDefinitions={[
        {
          id: 'name',
          header: words.instance,
          isRowHeader: true,
          cell: (one) => (
            <Link href={`/instances/${one.id}`} onFollow={follow}>
              {one.name ?? one.id}
            </Link>
          ),
        },
        { id: 'why', header: words.pendingWhy, cell: (one) => one.stateReason?.message ?? text.common.none },
      ]}
    />
  );
}

function Nodes(props: { nodes: Node[]; onChanged: () => void }) {
  const { items, collectionProps, filterProps, paginationProps, filteredItemsCount } = useCollection(props.nodes, {
    filtering: {
      fields: ['name', 'zone', 'id', 'address'],
      noMatch: <Empty title={text.common.noMatch} hint={text.common.noMatchHint} />,
    },
    pagination: { pageSize: PAGE },
    sorting: {},
  });
  return (
    <Table<Node>
      {...collectionProps}
      items={items}
      trackBy="id"
      header={
        <Header variant="h2" counter={`(${props.nodes.length.toLocaleString('en')})`}>
          {words.table}
        </Header>
      }
      filter={<TextFilter {...filterProps} filteringPlaceholder={words.find} filteringAriaLabel={words.find} countText={text.common.matches(filteredItemsCount ?? 0)} />}
      pagination={<Pagination {...paginationProps} />}
      columnDefinitions={[
        { id: 'name', header: words.name, sortingField: 'name', isRowHeader: true, cell: (node) => <Link href={`/fleet/${node.id}`} onFollow={follow}>{node.name}</Link> },
        {
          id: 'state',
          header: words.state,
          cell: (node) => <NodeState node={node} />,
          sortingComparator: (a, b) => stateOf(a).localeCompare(stateOf(b)),
        },
        { id: 'zone', header: text.instances.columns.zone, cell: (node) => node.zone, sortingField: 'zone' },
        { id: 'vcpu', header: words.vcpu, cell: (node) => words.used(String(node.vcpuUsed), String(node.vcpu)) },
        { id: 'memory', header: words.memory, cell: (node) => words.used(gib(node.memoryMibUsed), gib(node.memoryMib)) },
        {
          id: 'full',
          header: words.full,
          cell: (node) => words.percent(fullness(node)),
          sortingComparator: (a, b) => fullness(a) - fullness(b),
        },
        { id: 'instances', header: words.instances, cell: (node) => <Vms node={node} />, sortingField: 'instances' },
        { id: 'fits', header: words.largestType, cell: (node) => node.largestType ?? text.common.none },
        {
          id: 'heartbeat',
          header: words.heartbeat,
          cell: (node) => (node.lastHeartbeatAt ? <Ago at={node.lastHeartbeatAt} /> : words.ago),
        },
        {
          id: 'actions',
          header: text.common.actions,
          cell: (node) => <NodeActions node={node} onChanged={props.onChanged} inline />,
        },
      ]}
    />
  );
}
