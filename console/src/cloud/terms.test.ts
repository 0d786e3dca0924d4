import { describe, expect, test } from 'vitest';
import { monthsUntil } from './months';
import { basisPointsOf, microsOf, percentText } from './terms';

describe('terms as they are typed', () => {
  test.each([
    ['5', 500],
    [' 12.5 ', 1250],
    ['0.01', 1],
    ['100', 10_000],
    ['100.01', undefined],
    ['-1', undefined],
    ['1.005', undefined],
    ['', undefined],
  ])('%j percent are %j hundredths', (given, points) => expect(basisPointsOf(given)).toBe(points));

  test('percents are shown as they are typed', () => expect([1250, 500, 1].map(percentText)).toEqual(['12.5', '5', '0.01']));

  test.each([
    ['100', 100_000_000],
    ['0.000001', 1],
    ['999999999.999999', 999_999_999_999_999],
    ['1.0000001', undefined],
    ['1e3', undefined],
  ])('%j is %j millionths', (given, micros) => expect(microsOf(given)).toBe(micros));
});

test('months go back over the turn of a year', () => {
  expect(monthsUntil(new Date('2026-02-28T23:59:59Z'), 4)).toEqual(['2026-02', '2026-01', '2025-12', '2025-11']);
});
