import { useSyncExternalStore } from 'react';

const STEPS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const;

/** Two steps at most, or so many: `3 d 4 h`, `12 min`, `5 s`. */
export function durationText(ms: number, stepsMax = 2): string {
  let seconds = Math.max(0, Math.floor(ms / 1000));
  const parts: string[] = [];
  for (const [unit, size] of STEPS) {
    const number = Math.floor(seconds / size);
    if (number > 0) {
      parts.push(`${number} ${unit}`);
      seconds -= number * size;
    } else if (parts.length > 0) {
      break;
    }
    if (parts.length === stepsMax) break;
  }
  return parts.length === 0 ? '0 s' : parts.join(' ');
}

const absolute = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const dayOnly = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const monthOnly = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });

/** In the reader's time zone. */
export function timeText(instant: string): string {
  return absolute.format(new Date(instant));
}

/** Of UTC, as bills are cut there. */
export function dayText(instant: string): string {
  return dayOnly.format(new Date(instant));
}

export function monthText(instant: string): string {
  return monthOnly.format(new Date(instant));
}

// One clock for all that ticks on the page.
const watchers = new Set<() => void>();
let now = Date.now();
let timer: number | undefined;

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  timer ??= window.setInterval(() => {
    now = Date.now();
    watchers.forEach((tell) => tell());
  }, 1000);
  return () => {
    watchers.delete(watcher);
    if (watchers.size === 0) {
      window.clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The time in milliseconds, anew each second. */
export function useNow(): number {
  return useSyncExternalStore(watch, () => now);
}
