import Popover from '@cloudscape-design/components/popover';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { Instance, InstanceState } from '../api/types';
import { text } from '../text';

const TYPES: Record<InstanceState, StatusIndicatorProps.Type> = {
  pending: 'pending',
  running: 'success',
  stopping: 'in-progress',
  stopped: 'stopped',
  'shutting-down': 'in-progress',
  terminated: 'stopped',
};

/** Waits for what somebody has to do something about, or ended by itself. */
const WARNS = new Set(['no_capacity', 'guest_failure']);

/** The state; where the cloud says why, a click shows it. */
export function State(props: { instance: Instance; plain?: boolean }) {
  const { state, stateReason } = props.instance;
  const warns = stateReason !== undefined && WARNS.has(stateReason.code) && state !== 'terminated';
  const shown = (
    <StatusIndicator type={warns ? 'warning' : TYPES[state]}>
      {text.instances.states[state]}
    </StatusIndicator>
  );
  if (!stateReason || props.plain) return shown;
  return (
    <Popover content={stateReason.message} dismissButton={false} position="top" size="medium" triggerType="text">
      {shown}
    </Popover>
  );
}
