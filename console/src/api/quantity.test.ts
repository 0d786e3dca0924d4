import { describe, expect, test } from 'vitest';
import { ofMicros, priceText, quantityText, tierText } from './quantity';

describe('what is metered', () => {
  test.each([
    ['instance-seconds', 3661, '1 h 1 min'],
    ['address-seconds', 59, '59 s'],
    ['volume-mib-seconds', 1024 * 3600, '1 GiB-hours'],
    ['snapshot-mib-seconds', 1024 * 1800, '0.5 GiB-hours'],
    ['image-mib-seconds', 1, '0.0000002713 GiB-hours'],
    ['egress-bytes', 512, '512 B'],
    ['egress-bytes', 3 * 2 ** 29, '1.5 GiB'],
  ] as const)('%s of %d is %s', (meter, units, shown) => expect(quantityText(meter, units)).toBe(shown));

  test.each([
    ['instance-seconds', '0.004000', '$0.004 per hour'],
    ['volume-mib-seconds', '0.000110', '$0.00011 per GiB-hour'],
    ['egress-bytes', '0.090000', '$0.09 per GiB'],
  ] as const)('the price of %s says what it is for', (meter, amount, shown) =>
    expect(priceText(meter, 'USD', amount)).toBe(shown));

  test.each([
    [0, '0.000000'],
    [4000, '0.004000'],
    [12_000_001, '12.000001'],
  ])('%d micros are %s', (micros, amount) => expect(ofMicros(micros)).toBe(amount));

  test('tiers count in what prices are for', () => {
    expect(tierText('instance-seconds', 1000)).toBe('1,000 hours');
    expect(tierText('egress-bytes', 10)).toBe('10 GiB');
  });
});
