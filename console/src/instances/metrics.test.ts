import { describe, expect, test } from 'vitest';
import { levels, rates, thinned, type MetricPoint } from './metrics';

const point = (at: string, seconds: number, cpuSeconds: number): MetricPoint => ({
  at: `2026-10-01T08:${at}Z`,
  seconds,
  cpuSeconds,
  instructions: 0,
  memoryTouchedBytes: 2 ** 21,
  diskReadBytes: 0,
  diskWrittenBytes: 0,
  networkReceivedBytes: 0,
  networkSentBytes: 0,
  guestResets: 0,
});

describe('metrics', () => {
  test('a rate is what was used in the span, divided by it', () => {
    const dots = rates([point('00:10', 10, 5), point('00:20', 10, 20), point('00:26', 6, 3)], (one) => one.cpuSeconds);
    expect(dots.map((dot) => dot.y)).toEqual([0.5, 2, 0.5]);
  });

  test('a line falls to nothing where nothing ran', () => {
    const dots = rates([point('00:10', 10, 5), point('05:00', 10, 5)], (one) => one.cpuSeconds);
    expect(dots.map((dot) => dot.y)).toEqual([0.5, 0, 0, 0.5]);
    expect(dots[2]?.x.toISOString()).toBe('2026-10-01T08:04:50.000Z');
  });

  test('a level stays what it is', () => {
    expect(levels([point('00:10', 10, 5)], (one) => one.memoryTouchedBytes, 2 ** 20)[0]?.y).toBe(2);
  });

  test('what is thinned keeps its peaks', () => {
    const dots = Array.from({ length: 1440 }, (_, index) => ({ x: new Date(index), y: index === 777 ? 9 : 1 }));
    const kept = thinned(dots, 200);
    expect(kept.length).toBeLessThanOrEqual(200);
    expect(Math.max(...kept.map((dot) => dot.y))).toBe(9);
  });
});
