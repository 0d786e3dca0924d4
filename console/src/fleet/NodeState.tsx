import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { Node } from '../api/types';
import { text } from '../text';
import { stateOf, type NodeState as State } from './packing';

const words = text.fleet;

const TYPES: Record<State, StatusIndicatorProps.Type> = {
  ready: 'success',
  cordoned: 'stopped',
  draining: 'in-progress',
  drained: 'stopped',
  away: 'error',
};

export function nodeLabel(node: Node): string {
  return words.states[stateOf(node)];
}

export function NodeState(props: { node: Node }) {
  return <StatusIndicator type={TYPES[stateOf(props.node)]}>{nodeLabel(props.node)}</StatusIndicator>;
}
