import { expect, test } from 'vitest';
import { Batch } from './batch';

test('what comes within a frame is handed over once, in order', () => {
  const frames: (() => void)[] = [];
  const taken: number[][] = [];
  const batch = new Batch<number>((items) => taken.push(items), (run) => frames.push(run));
  for (let item = 0; item < 500; item++) batch.add(item);
  expect(frames).toHaveLength(1);
  frames[0]?.();
  expect(taken).toEqual([Array.from({ length: 500 }, (_, item) => item)]);
  batch.add(1);
  expect(frames).toHaveLength(2);
});
