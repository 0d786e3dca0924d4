import { describe, expect, test } from 'vitest';
import type { Node } from '../api/types';
import { byZone, drained, fullness, room, stateOf, sums } from './packing';

const node = (name: string, change: Partial<Node> = {}) => ({
  id: `node-${name}`,
  name,
  zone: 'a',
  address: '',
  ready: true,
  availability: 'active',
  draining: false,
  vcpu: 8,
  vcpuUsed: 0,
  memoryMib: 4096,
  memoryMibUsed: 0,
  instances: 0,
  vms: [],
  registeredAt: '2026-01-01T00:00:00Z',
  ...change,
}) as Node;
const nano = { name: 'e1.nano', vcpu: 1, memoryMib: 128, baselinePercent: 5 };
const large = { name: 'e1.large', vcpu: 2, memoryMib: 2048, baselinePercent: 60 };

describe('the fleet', () => {
  test('a node is as full as what it has least of', () => {
    expect(fullness(node('a', { vcpuUsed: 2, memoryMibUsed: 3072 }))).toBe(75);
    expect(fullness(node('a', { vcpu: 0, memoryMib: 0 }))).toBe(100);
  });

  test('room is what fits by both, on nodes that take work', () => {
    const nodes = [node('a', { vcpuUsed: 6 }), node('b', { memoryMibUsed: 2049 }), node('c', { ready: false }), node('d', { availability: 'cordoned' })];
    expect(room(nodes, [nano, large])).toEqual([
      { type: nano, all: 10, mostOnOne: 8 },
      { type: large, all: 1, mostOnOne: 1 },
    ]);
  });

  test('a node that gives no sign is away, one that is emptied drains', () => {
    expect(stateOf(node('a', { ready: false }))).toBe('away');
    expect(stateOf(node('a', { ready: false, availability: 'draining' }))).toBe('away');
    const drain = { startedAt: '2026-01-01T00:00:00Z', startedWith: 4 };
    expect(stateOf(node('a', { availability: 'draining' }))).toBe('draining');
    expect(stateOf(node('a', { availability: 'draining', drain, instances: 1 }))).toBe('draining');
    expect(stateOf(node('a', { availability: 'draining', drain }))).toBe('drained');
    expect(stateOf(node('a', { availability: 'cordoned' }))).toBe('cordoned');
    expect(sums([node('a'), node('b', { ready: false })])).toMatchObject({ nodes: 2, ready: 1, vcpu: 16 });
  });

  test('a drain goes from nothing to all, also where it was joined in a race', () => {
    const drain = { startedAt: '2026-01-01T00:00:00Z', startedWith: 4 };
    expect([4, 3, 1, 0].map((instances) => drained({ instances, drain }))).toEqual([0, 25, 75, 100]);
    expect(drained({ instances: 5, drain })).toBe(0);
  });

  test('zones are in order and none is lost', () => {
    expect(byZone([node('x', { zone: 'b' }), node('y'), node('z', { zone: 'b' })]).map(([zone, all]) => [zone, all.length])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });
});
