import type { components } from '@contract';
import { text } from '../text';
import { exactMoney } from './money';
import { durationText } from './time';

export type Meter = components['schemas']['Meter'];

/** How a meter counts: seconds, a size over time, or bytes. */
type Kind = 'time' | 'size' | 'traffic';

const MIB_SECONDS_OF_GIB_HOUR = 1024 * 3600;
const BYTES_OF_GIB = 2 ** 30;
const words = text.meters;

export function kindOf(meter: Meter): Kind {
  if (meter === 'egress-bytes') return 'traffic';
  return meter.endsWith('-mib-seconds') ? 'size' : 'time';
}

/** So many of the meter's units as a person says it: `3 h 20 min`, `12.5 GiB-hours`, `1.2 GiB`. */
export function quantityText(meter: Meter, units: number): string {
  switch (kindOf(meter)) {
    case 'time':
      return durationText(units * 1000);
    case 'size':
      return words.gibHours(short(units / MIB_SECONDS_OF_GIB_HOUR));
    case 'traffic':
      return units < BYTES_OF_GIB / 1000 ? words.bytes(units.toLocaleString('en')) : words.gib(short(units / BYTES_OF_GIB));
  }
}

/** A price with what it is for. */
export function priceText(meter: Meter, currency: string, amount: string): string {
  const price = exactMoney(currency, amount);
  switch (kindOf(meter)) {
    case 'time':
      return words.perHour(price);
    case 'size':
      return words.perGibHour(price);
    case 'traffic':
      return words.perGib(price);
  }
}

/** Millionths of the currency's unit as decimal text. */
export function ofMicros(micros: number): string {
  const digits = String(micros).padStart(7, '0');
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

/** What tiers and allowances are counted in: hours, GiB-hours or GiB. */
export function tierText(meter: Meter, count: number): string {
  const number = count.toLocaleString('en');
  switch (kindOf(meter)) {
    case 'time':
      return words.hours(number);
    case 'size':
      return words.gibHours(number);
    case 'traffic':
      return words.gib(number);
  }
}

function short(value: number): string {
  return value.toLocaleString('en', value >= 1000 ? { maximumFractionDigits: 1 } : { maximumSignificantDigits: 4 });
}
