/** Amounts are decimal text from the cloud and stay exact here: whole numbers of 10⁻¹² of the unit. */
const DIGITS = 12;
const ONE = 10n ** BigInt(DIGITS);
const HOUR_MS = 3_600_000n;

export function parseAmount(amount: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{1,20}))?$/.exec(amount);
  if (!match) throw new RangeError(`not an amount: ${amount}`);
  const fraction = (match[3] ?? '').slice(0, DIGITS).padEnd(DIGITS, '0');
  const value = BigInt(match[2] ?? '0') * ONE + BigInt(fraction);
  return match[1] === '-' ? -value : value;
}

/** The amount as text with at least `least` and at most `most` decimals, half up. */
export function amountText(value: bigint, least: number, most: number): string {
  const unit = 10n ** BigInt(DIGITS - most);
  const positive = value < 0n ? -value : value;
  const rounded = (positive + unit / 2n) / unit;
  const digits = rounded.toString().padStart(most + 1, '0');
  const whole = digits.slice(0, digits.length - most);
  let fraction = most === 0 ? '' : digits.slice(-most);
  while (fraction.length > least && fraction.endsWith('0')) fraction = fraction.slice(0, -1);
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${value < 0n && rounded !== 0n ? '-' : ''}${grouped}${fraction === '' ? '' : `.${fraction}`}`;
}

/** What `amount` has become `ms` after it was true, at so much for an hour. */
export function ticked(amount: string, perHour: string, ms: number): bigint {
  const elapsed = BigInt(Math.max(0, Math.floor(ms)));
  return parseAmount(amount) + (parseAmount(perHour) * elapsed) / HOUR_MS;
}

const SIGNS: Record<string, string> = { USD: '$', EUR: '€', GBP: '£' };

function withCurrency(currency: string, digits: string): string {
  const sign = SIGNS[currency];
  if (sign === undefined) return `${digits} ${currency}`;
  return digits.startsWith('-') ? `-${sign}${digits.slice(1)}` : `${sign}${digits}`;
}

/** In the currency's coin: `$12.34`. */
export function money(currency: string, amount: string | bigint): string {
  const value = typeof amount === 'bigint' ? amount : parseAmount(amount);
  return withCurrency(currency, amountText(value, 2, 2));
}

/** With all that is known below the coin: `$0.003329`. */
export function exactMoney(currency: string, amount: string | bigint, most = 6): string {
  const value = typeof amount === 'bigint' ? amount : parseAmount(amount);
  return withCurrency(currency, amountText(value, 2, most));
}
