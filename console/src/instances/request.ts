import type { RunInstancesRequest } from '../api/types';

export interface Tag {
  key: string;
  value: string;
}

/** The launch form as it is filled in. */
export interface Draft {
  image: string;
  type: string;
  name: string;
  count: string;
  zone: string;
  tags: Tag[];
  userData: string;
}

export const COUNT_MAX = 100;
export const USER_DATA_BYTES_MAX = 16_384;
export const TAGS_MAX = 50;

export function countOf(draft: Draft): number | undefined {
  if (!/^\d{1,3}$/.test(draft.count.trim())) return undefined;
  const count = Number(draft.count);
  return count >= 1 && count <= COUNT_MAX ? count : undefined;
}

export function userDataBytes(draft: Draft): number {
  return new TextEncoder().encode(draft.userData).length;
}

/** What the API takes, or undefined while the form cannot be sent. */
export function requestOf(draft: Draft): RunInstancesRequest | undefined {
  const count = countOf(draft);
  if (draft.image === '' || draft.type === '' || count === undefined) return undefined;
  if (userDataBytes(draft) > USER_DATA_BYTES_MAX) return undefined;
  const tags = Object.fromEntries(draft.tags.filter((tag) => tag.key !== '').map((tag) => [tag.key, tag.value]));
  return {
    image: draft.image,
    type: draft.type,
    count,
    ...(draft.name.trim() === '' ? {} : { name: draft.name.trim() }),
    ...(draft.zone === '' ? {} : { zone: draft.zone }),
    ...(Object.keys(tags).length === 0 ? {} : { tags }),
    ...(draft.userData === '' ? {} : { userData: base64(draft.userData) }),
  };
}

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** The `brume run` line that does the same. */
export function commandOf(draft: Draft): string {
  const words = ['brume run', '--image', quoted(draft.image), '--type', draft.type];
  const count = countOf(draft) ?? 1;
  if (draft.name.trim() !== '') words.push('--name', quoted(draft.name.trim()));
  if (count > 1) words.push('--count', String(count));
  if (draft.zone !== '') words.push('--zone', draft.zone);
  for (const tag of draft.tags) {
    if (tag.key !== '') words.push('--tag', quoted(`${tag.key}=${tag.value}`));
  }
  if (draft.userData !== '') words.push('--user-data', quoted(draft.userData));
  return words.join(' ');
}

function quoted(text: string): string {
  return /^[\w.=:@/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
