import { describe, expect, test } from 'vitest';
import { commandOf, countOf, requestOf, type Draft } from './request';

const draft: Draft = { image: 'debian-micro', type: 'e1.nano', name: '', count: '1', zone: '', tags: [], userData: '' };

describe('the launch form', () => {
  test('sends only what was filled in', () => {
    expect(requestOf(draft)).toEqual({ image: 'debian-micro', type: 'e1.nano', count: 1 });
  });

  test('sends all of it', () => {
    expect(
      requestOf({
        ...draft,
        name: ' web ',
        count: '3',
        zone: 'a',
        tags: [{ key: 'team', value: 'blau' }, { key: '', value: 'left empty' }],
        userData: '#!/bin/sh\necho grün',
      }),
    ).toEqual({
      image: 'debian-micro',
      type: 'e1.nano',
      count: 3,
      name: 'web',
      zone: 'a',
      tags: { team: 'blau' },
      userData: 'IyEvYmluL3NoCmVjaG8gZ3LDvG4=',
    });
  });

  test.each(['', '0', '101', '1.5', '-1', '1e2', 'x'])('does not take the number %j', (count) => {
    expect(countOf({ ...draft, count })).toBeUndefined();
    expect(requestOf({ ...draft, count })).toBeUndefined();
  });

  test('cannot be sent with too much user data', () => {
    expect(requestOf({ ...draft, userData: 'ü'.repeat(8192) })).toBeDefined();
    expect(requestOf({ ...draft, userData: 'ü'.repeat(8193) })).toBeUndefined();
  });

  test('says how a terminal would do it, quoted for a shell', () => {
    expect(commandOf({ ...draft, name: "it's", count: '2', tags: [{ key: 'a', value: 'b c' }] })).toBe(
      `brume run --image debian-micro --type e1.nano --name 'it'\\''s' --count 2 --tag 'a=b c'`,
    );
  });
});
