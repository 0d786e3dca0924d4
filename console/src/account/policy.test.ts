import { expect, test } from 'vitest';
import { tagsOf, tagsText } from './policy';

test.each([
  ['', {}],
  ['env=prod', { env: 'prod' }],
  [' env=prod , team=b*=c ,', { env: 'prod', team: 'b*=c' }],
  ['env', undefined],
  ['=prod', undefined],
  [Array.from({ length: 11 }, (_, index) => `k${index}=v`).join(','), undefined],
])('the tags %j are %j', (given, tags) => expect(tagsOf(given)).toEqual(tags));

test('tags are shown as they are typed', () => {
  const tags = { env: 'prod', team: 'blue' };
  expect(tagsOf(tagsText(tags))).toEqual(tags);
});
