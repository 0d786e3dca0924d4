import { describe, expect, test } from 'vitest';
import type { InstanceState } from '../api/types';
import { stateAfter } from './state';

const TABLE: Record<InstanceState, Record<string, InstanceState>> = {
  pending: { STARTING: 'pending', RUNNING: 'running', MIGRATING: 'running', STOPPING: 'stopping', GONE: 'stopped', FAILED: 'stopped' },
  running: { STARTING: 'pending', RUNNING: 'running', MIGRATING: 'running', STOPPING: 'stopping', GONE: 'stopped', FAILED: 'stopped' },
  stopping: { STARTING: 'pending', RUNNING: 'stopping', MIGRATING: 'stopping', STOPPING: 'stopping', GONE: 'stopped', FAILED: 'stopped' },
  stopped: { STARTING: 'pending', RUNNING: 'running', MIGRATING: 'running', STOPPING: 'stopping', GONE: 'stopped', FAILED: 'stopped' },
  'shutting-down': { STARTING: 'shutting-down', RUNNING: 'shutting-down', MIGRATING: 'shutting-down', STOPPING: 'shutting-down', GONE: 'terminated', FAILED: 'terminated' },
  terminated: { STARTING: 'terminated', RUNNING: 'terminated', MIGRATING: 'terminated', STOPPING: 'terminated', GONE: 'terminated', FAILED: 'terminated' },
};

describe('the state after an event', () => {
  for (const [before, row] of Object.entries(TABLE)) {
    for (const [vm, expected] of Object.entries(row)) {
      test(`${before} and ${vm} give ${expected}`, () => {
        expect(stateAfter(before as InstanceState, vm)).toBe(expected);
      });
    }
  }
});
