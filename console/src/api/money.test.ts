import { describe, expect, test } from 'vitest';
import { exactMoney, money, parseAmount, ticked } from './money';

describe('money', () => {
  test.each([
    ['USD', '0', '$0.00'],
    ['USD', '0.005', '$0.01'],
    ['USD', '0.004999', '$0.00'],
    ['USD', '-0.004', '$0.00'],
    ['USD', '-12.345', '-$12.35'],
    ['USD', '1234567.8', '$1,234,567.80'],
    ['EUR', '9007199254740993.01', '€9,007,199,254,740,993.01'],
    ['CHF', '3.5', '3.50 CHF'],
  ])('%s %s is shown as %s', (currency, amount, shown) => {
    expect(money(currency, amount)).toBe(shown);
  });

  test.each([
    ['0.003329', '$0.003329'],
    ['0.020000', '$0.02'],
    ['0.1', '$0.10'],
    ['0.0000004', '$0.00'],
  ])('exactly, %s is shown as %s', (amount, shown) => {
    expect(exactMoney('USD', amount)).toBe(shown);
  });

  test('what runs costs more each second, to the millionth', () => {
    expect(exactMoney('USD', ticked('0.003329', '0.004000', 3_600_000))).toBe('$0.007329');
    expect(exactMoney('USD', ticked('1', '3.600000', 1000))).toBe('$1.001');
    expect(ticked('1', '3.600000', -5)).toBe(parseAmount('1'));
  });

  test('what is no amount is refused', () => {
    for (const wrong of ['', '1.', '.5', '1e3', 'NaN', '--1']) {
      expect(() => parseAmount(wrong)).toThrow(RangeError);
    }
  });
});
