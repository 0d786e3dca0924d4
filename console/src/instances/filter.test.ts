import { describe, expect, test } from 'vitest';
import type { Instance } from '../api/types';
import { filtered, filterOptions, filterProperties, tagKeys } from './filter';

const instance = (name: string | undefined, change: Partial<Instance> = {}) => ({
  id: `i-${(name ?? 'unnamed').padStart(17, '0')}`,
  ...(name === undefined ? {} : { name }),
  state: 'running',
  reservationId: 'r-00000000000000001',
  imageId: 'ami-00000000000000001',
  imageName: 'debian-micro',
  type: 'e1.nano',
  vcpu: 1,
  memoryMib: 128,
  tags: {},
  generation: 1,
  terminationProtected: false,
  createdAt: '2026-01-01T00:00:00Z',
  ...change,
}) as Instance;
const items = [
  instance('web-1', { zone: 'a', tags: { team: 'blue' } }),
  instance('web-2', { zone: 'b', state: 'stopped', tags: { team: 'red', owner: 'ada' } }),
  instance(undefined, { type: 'e1.large', tags: { team: 'blue' } }),
];
const names = (found: readonly Instance[]) => found.map((one) => one.name ?? '-');

describe('the filter', () => {
  test.each([
    [[], ['web-1', 'web-2', '-']],
    [[{ propertyKey: 'name', operator: ':', value: 'WEB' }], ['web-1', 'web-2']],
    [[{ propertyKey: 'state', operator: '=', value: 'running' }], ['web-1', '-']],
    [[{ propertyKey: 'state', operator: '!=', value: 'running' }], ['web-2']],
    [[{ propertyKey: 'tag:team', operator: '=', value: 'blue' }], ['web-1', '-']],
    [[{ propertyKey: 'tag:owner', operator: '!:', value: 'ada' }], ['web-1', '-']],
    [[{ operator: ':', value: 'owner=ada' }], ['web-2']],
    [[{ operator: '!:', value: 'large' }], ['web-1', 'web-2']],
  ])('%j holds for %j', (tokens, expected) => {
    expect(names(filtered(items, { tokens, operation: 'and' }))).toEqual(expected);
  });

  test('two must both hold, or either', () => {
    const tokens = [
      { propertyKey: 'zone', operator: '=', value: 'a' },
      { propertyKey: 'type', operator: '=', value: 'e1.large' },
    ];
    expect(names(filtered(items, { tokens, operation: 'and' }))).toEqual([]);
    expect(names(filtered(items, { tokens, operation: 'or' }))).toEqual(['web-1', '-']);
  });

  test('offers what is there, the most used tag first', () => {
    expect(tagKeys(items)).toEqual(['team', 'owner']);
    const options = filterOptions(items, filterProperties(['team'], false));
    expect(options.filter(({ propertyKey }) => propertyKey === 'tag:team').map(({ value }) => value)).toEqual(['blue', 'red']);
    expect(options.some(({ propertyKey }) => propertyKey === 'name')).toBe(false);
  });
});
