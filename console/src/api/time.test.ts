import { expect, test } from 'vitest';
import { durationText } from './time';

test.each([
  [-5, '0 s'],
  [999, '0 s'],
  [59_000, '59 s'],
  [61_000, '1 min 1 s'],
  [3_600_000, '1 h'],
  [3_661_000, '1 h 1 min'],
  [90_061_000, '1 d 1 h'],
])('%d ms are %s', (ms, shown) => expect(durationText(ms)).toBe(shown));

test('one step where there is little room', () => expect(durationText(3_661_000, 1)).toBe('1 h'));
