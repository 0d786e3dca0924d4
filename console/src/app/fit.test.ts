import { describe, expect, test } from 'vitest';
import { fit } from './fit';

describe('what is typed into the palette', () => {
  test.each([
    ['Instances', 'inst', true],
    ['web-frontend-12 i-0abc', 'front 12', true],
    ['web-frontend-12 i-0abc', 'back', false],
    ['Access keys', 'KEYS', true],
    ['anything', '', true],
  ])('%s is found by %j: %s', (label, wanted, found) => {
    expect(fit(label, wanted) > 0).toBe(found);
  });

  test('a beginning goes before a word inside, and that before letters inside', () => {
    const by = (label: string) => fit(label, 'web');
    expect(by('web-1')).toBeGreaterThan(by('my web'));
    expect(by('my web')).toBeGreaterThan(by('cobweb'));
  });
});
