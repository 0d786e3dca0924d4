/** The text of an amount with two decimals, or undefined. */
export function amountOf(given: string): string | undefined {
  const text = given.trim();
  return /^\d{1,10}\.\d{2}$/.test(text) ? text : /^\d{1,10}$/.test(text) ? `${text}.00` : undefined;
}

/** Percents between commas, ascending and each once; undefined where one is no whole number of 1 to 1000. */
export function percentsOf(given: string): number[] | undefined {
  const words = given.split(/[\s,%]+/).filter((word) => word !== '');
  if (words.length > 10 || words.some((word) => !/^\d{1,4}$/.test(word))) return undefined;
  const percents = [...new Set(words.map(Number))].sort((a, b) => a - b);
  return percents.every((percent) => percent >= 1 && percent <= 1000) ? percents : undefined;
}

/** `key=value`; null for none, undefined where it is not one. */
export function tagOf(given: string): { key: string; value: string } | null | undefined {
  const text = given.trim();
  if (text === '') return null;
  const at = text.indexOf('=');
  return at <= 0 ? undefined : { key: text.slice(0, at), value: text.slice(at + 1) };
}
