import type { Event, Instance, InstanceState } from '../api/types';

/**
 * What an event of the VM makes of an instance's state until the cloud is asked again. The intent is
 * not in the event; the state before tells it, and where it does not, the likelier is taken.
 *
 *     before \ VM      STARTING   RUNNING    MIGRATING  STOPPING       GONE, FAILED
 *     pending,running  pending    running    running    stopping       stopped
 *     stopped          pending    running    running    stopping       stopped
 *     stopping         pending    stopping   stopping   stopping       stopped
 *     shutting-down,   shutting…  shutting…  shutting…  shutting-down  terminated
 *     terminated       (as is)
 */
export function stateAfter(before: InstanceState, vm: string): InstanceState {
  if (before === 'terminated') return 'terminated';
  const ended = vm === 'GONE' || vm === 'FAILED';
  if (before === 'shutting-down') return ended ? 'terminated' : 'shutting-down';
  if (ended) return 'stopped';
  if (vm === 'STARTING') return 'pending';
  if (vm === 'STOPPING') return 'stopping';
  if (vm === 'RUNNING' || vm === 'MIGRATING') return before === 'stopping' ? 'stopping' : 'running';
  return before;
}

/** The instance as the event leaves it; the same object where nothing changes. */
export function after(instance: Instance, event: Event): Instance {
  const state = stateAfter(instance.state, event.state);
  if (state === instance.state) return instance;
  const changed: Instance = { ...instance, state };
  if (state === 'running') {
    changed.runningSince = event.at;
    delete changed.stateReason;
  } else {
    delete changed.runningSince;
  }
  return changed;
}

export function isSettled(state: InstanceState): boolean {
  return state === 'running' || state === 'stopped' || state === 'terminated';
}
