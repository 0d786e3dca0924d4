import { describe, expect, test } from 'vitest';
import { amountOf, percentsOf, tagOf } from './budget';

describe('a budget as it is typed', () => {
  test.each([
    ['100.00', '100.00'],
    [' 7 ', '7.00'],
    ['1.5', undefined],
    ['-1.00', undefined],
    ['1e3', undefined],
    ['', undefined],
  ])('the amount %j is %j', (given, amount) => expect(amountOf(given)).toBe(amount));

  test.each([
    ['80, 100', [80, 100]],
    ['100 % 50 50', [50, 100]],
    ['', []],
    ['0', undefined],
    ['1001', undefined],
    ['a', undefined],
    ['1,2,3,4,5,6,7,8,9,10,11', undefined],
  ])('the percents %j are %j', (given, percents) => expect(percentsOf(given)).toEqual(percents));

  test.each([
    ['team=blue', { key: 'team', value: 'blue' }],
    ['a=b=c', { key: 'a', value: 'b=c' }],
    ['', null],
    ['team', undefined],
    ['=blue', undefined],
  ])('the tag %j is %j', (given, tag) => expect(tagOf(given)).toEqual(tag));
});
