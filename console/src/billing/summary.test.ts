import { describe, expect, test } from 'vitest';
import { everyDay, shareText, slices } from './summary';

const group = (key: string | undefined, exactAmount: string) =>
  ({ key, seconds: 1, exactAmount, perHour: '0', running: 0 });

describe('costs in groups', () => {
  test('the dearest come first, and what has no key has a name', () => {
    const found = slices([group('a', '0.1'), group(undefined, '0.3'), group('b', '0.2')], 5, '(none)', String);
    expect(found.map((slice) => slice.label)).toEqual(['(none)', 'b', 'a']);
  });

  test('beyond the limit they are one, and nothing is lost', () => {
    const groups = Array.from({ length: 100 }, (_, index) => group(`g${index}`, `0.0${index % 10}`));
    const found = slices(groups, 8, '', (number) => `${number} others`);
    expect(found).toHaveLength(8);
    expect(found[7]?.label).toBe('93 others');
    const sum = (amounts: bigint[]) => amounts.reduce((a, b) => a + b, 0n);
    expect(sum(found.map((slice) => slice.amount))).toBe(sum(slices(groups, 100, '', String).map((slice) => slice.amount)));
  });

  test('each day of a month has its place', () => {
    const found = slices([group('2026-02-27', '0.2'), group('2026-02-01', '0.1')], 40, '', String);
    const days = everyDay(found, '2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z');
    expect(days).toHaveLength(28);
    expect([days[0]?.amount, days[1]?.amount, days[26]?.amount]).toEqual([100_000_000_000n, 0n, 200_000_000_000n]);
  });

  test.each([
    [1n, 3n, '33.3 %'],
    [1n, 2n, '50 %'],
    [0n, 0n, '0 %'],
    [5n, 5n, '100 %'],
  ])('%d of %d is %s', (part, whole, shown) => expect(shareText(part, whole)).toBe(shown));
});
