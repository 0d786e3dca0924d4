import { describe, expect, test } from 'vitest';
import { levels, rates, shownRange, thinned, type MetricPoint } from './metrics';

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
    expect(dots.map((dot) => dot.y)).toEqual([0.5, 0.5, 2, 0.5]);
    expect(dots[0]?.x.toISOString()).toBe('2026-10-01T08:00:00.000Z');
  });

  test('a line falls to nothing where nothing ran', () => {
    const dots = rates([point('00:10', 10, 5), point('05:00', 10, 5)], (one) => one.cpuSeconds);
    expect(dots.map((dot) => dot.y)).toEqual([0.5, 0.5, 0, 0, 0.5, 0.5]);
    expect(dots[3]?.x.toISOString()).toBe('2026-10-01T08:04:49.999Z');
  });

  test('a level stays what it is', () => {
    const dots = levels([point('00:10', 10, 5)], (one) => one.memoryTouchedBytes, 2 ** 20);
    expect(dots.map((dot) => dot.y)).toEqual([2, 2]);
    expect(dots[0]?.x.toISOString()).toBe('2026-10-01T08:00:00.000Z');
  });

  test('a young instance is shown from its first point on', () => {
    const points = [point('00:10', 10, 5), point('00:20', 10, 5)];
    const to = new Date('2026-10-01T08:01:00Z');
    const early = new Date('2026-10-01T07:46:00Z');
    expect(shownRange(points, early, to)[0].toISOString()).toBe('2026-10-01T08:00:00.000Z');
    const late = new Date('2026-10-01T08:00:15Z');
    expect(shownRange(points, late, to)).toEqual([late, to]);
    expect(shownRange([], early, to)).toEqual([early, to]);
  });

  test('what is thinned keeps its peaks', () => {
    const dots = Array.from({ length: 1440 }, (_, index) => ({ x: new Date(index), y: index === 777 ? 9 : 1 }));
    const kept = thinned(dots, 200);
    expect(kept.length).toBeLessThanOrEqual(200);
    expect(Math.max(...kept.map((dot) => dot.y))).toBe(9);
  });
});
