import { parseAmount } from '../api/money';
import type { CostSummary } from '../api/types';

type Group = CostSummary['groups'][number];

const DAY_MS = 86_400_000;

export interface Slice {
  key: string | undefined;
  label: string;
  amount: bigint;
  group: Group | undefined;
}

/** The dearest first; beyond `most` they are one slice, so that a chart of 10,000 can be read. */
export function slices(groups: readonly Group[], most: number, untagged: string, others: (number: number) => string): Slice[] {
  const all = groups
    .map((group) => ({
      key: group.key,
      label: group.name ?? group.key ?? untagged,
      amount: parseAmount(group.exactAmount),
      group: group as Group | undefined,
    }))
    .sort((a, b) => (a.amount === b.amount ? a.label.localeCompare(b.label) : a.amount < b.amount ? 1 : -1));
  if (all.length <= most) return all;
  const rest = all.slice(most - 1);
  return [
    ...all.slice(0, most - 1),
    {
      key: undefined,
      label: others(rest.length),
      amount: rest.reduce((sum, slice) => sum + slice.amount, 0n),
      group: undefined,
    },
  ];
}

/** A slice for each day of the period, in their order: a day without costs is one too. */
export function everyDay(found: readonly Slice[], start: string, end: string): Slice[] {
  const byDay = new Map(found.map((slice) => [slice.key, slice]));
  const days: Slice[] = [];
  for (let at = Date.parse(start); at < Date.parse(end); at += DAY_MS) {
    const key = new Date(at).toISOString().slice(0, 10);
    days.push(byDay.get(key) ?? { key, label: key, amount: 0n, group: undefined });
  }
  return days;
}

/** Of the whole, such as `12.5 %`; nothing of nothing is nothing. */
export function shareText(part: bigint, whole: bigint): string {
  if (whole === 0n) return '0 %';
  const perMille = Number((part * 1000n + whole / 2n) / whole);
  return `${(perMille / 10).toFixed(perMille % 10 === 0 ? 0 : 1)} %`;
}
