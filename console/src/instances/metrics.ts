import type { components } from '@contract';

export type MetricPoint = components['schemas']['MetricPoint'];
export interface Dot {
  x: Date;
  y: number;
}

/**
 * A rate of each point in so many units a second. Where nothing ran there are no points: a line must
 * not go on over the gap, so a zero is set at both sides of it.
 */
export function rates(points: readonly MetricPoint[], of: (point: MetricPoint) => number, perUnit = 1): Dot[] {
  const dots: Dot[] = [];
  let end: number | undefined;
  for (const point of points) {
    const at = Date.parse(point.at);
    const start = at - point.seconds * 1000;
    if (end !== undefined && start - end > Math.max(2000, point.seconds * 1500)) {
      dots.push({ x: new Date(end + 1), y: 0 }, { x: new Date(start - 1), y: 0 });
      end = undefined;
    }
    const rate = point.seconds > 0 ? of(point) / point.seconds / perUnit : 0;
    // The rate was that in the whole span: the first of a run is drawn from its beginning.
    if (end === undefined) {
      dots.push({ x: new Date(start), y: rate });
    }
    dots.push({ x: new Date(at), y: rate });
    end = at;
  }
  return dots;
}

/** A level of each point, such as memory, in so many units; the first is drawn from its span's beginning. */
export function levels(points: readonly MetricPoint[], of: (point: MetricPoint) => number, perUnit = 1): Dot[] {
  const dots = points.map((point) => ({ x: new Date(point.at), y: of(point) / perUnit }));
  const [first] = points;
  const [dot] = dots;
  if (first && dot) dots.unshift({ x: new Date(dot.x.getTime() - first.seconds * 1000), y: dot.y });
  return dots;
}

/** The range that was asked for, begun where the first point of a young instance begins. */
export function shownRange(points: readonly MetricPoint[], from: Date, to: Date): [Date, Date] {
  const first = points[0];
  const begin = first ? Date.parse(first.at) - first.seconds * 1000 : from.getTime();
  return [new Date(Math.max(from.getTime(), begin)), to];
}

/** At most so many dots, so that a day of them is drawn as quickly as an hour: the highest of each bucket. */
export function thinned(dots: readonly Dot[], most: number): Dot[] {
  if (dots.length <= most) return [...dots];
  const size = Math.ceil(dots.length / most);
  const kept: Dot[] = [];
  for (let at = 0; at < dots.length; at += size) {
    kept.push(dots.slice(at, at + size).reduce((highest, dot) => (dot.y > highest.y ? dot : highest)));
  }
  return kept;
}
