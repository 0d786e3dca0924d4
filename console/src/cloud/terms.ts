/** Percents with up to two decimals as hundredths of a percent: `12.5` is 1250; undefined where it is none of 0 to 100. */
export function basisPointsOf(given: string): number | undefined {
  const match = /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(given.trim());
  if (!match) return undefined;
  const points = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
  return points <= 10_000 ? points : undefined;
}

export function percentText(basisPoints: number): string {
  return String(basisPoints / 100);
}

/** An amount with up to six decimals as millionths; undefined where it is none, or more than a billion. */
export function microsOf(given: string): number | undefined {
  const match = /^(\d{1,9})(?:\.(\d{1,6}))?$/.exec(given.trim());
  if (!match) return undefined;
  return Number(match[1]) * 1_000_000 + Number((match[2] ?? '').padEnd(6, '0'));
}
