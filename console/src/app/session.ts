import type { components } from '@contract';
import { useSyncExternalStore } from 'react';
import { forgetCatalog } from '../api/catalog';
import { signedOut } from '../api/client';
import { stream } from '../api/events';
import { Refusal } from '../api/refusal';
import { instances } from '../instances/store';
import { text } from '../text';
import { forgetCrumbs } from './crumb';

/** Who is signed in, and where. */
export type Session = components['schemas']['ConsoleSession'];

export type Access =
  | { kind: 'asking' }
  | { kind: 'out'; why?: string }
  | { kind: 'away'; refusal: Refusal }
  | { kind: 'in'; session: Session };

const PATH = '/v1/session';
const watchers = new Set<() => void>();
let access: Access = { kind: 'asking' };

function enter(next: Access): void {
  const was = access.kind;
  access = next;
  if (next.kind === 'in' && next.session.role !== 'billing') stream.open();
  if (next.kind === 'out' && was !== 'out') {
    stream.close();
    forgetCatalog();
    forgetCrumbs();
    instances.forget();
  }
  watchers.forEach((watch) => watch());
}

signedOut.addEventListener('out', () => {
  if (access.kind === 'in') enter({ kind: 'out', why: text.signIn.ended });
});

async function ask(method: string, body?: unknown): Promise<Response> {
  try {
    return await fetch(PATH, {
      method,
      credentials: 'same-origin',
      headers: { 'X-Brume-Console': '1', ...(body ? { 'Content-Type': 'application/json' } : {}) },
      body: body ? JSON.stringify(body) : null,
    });
  } catch {
    throw new Refusal(0, { code: 'unreachable', detail: text.errors.unreachable });
  }
}

async function problem(response: Response): Promise<Refusal> {
  const body: unknown = await response.json().catch(() => undefined);
  return new Refusal(response.status, (body as object | undefined) ?? { detail: text.errors.odd(response.status) });
}

/** Who the cookie says that we are. */
export async function resume(): Promise<void> {
  try {
    const response = await ask('GET');
    if (response.ok) return enter({ kind: 'in', session: (await response.json()) as Session });
    if (response.status === 401) return enter({ kind: 'out' });
    enter({ kind: 'away', refusal: await problem(response) });
  } catch (thrown) {
    enter({ kind: 'away', refusal: thrown as Refusal });
  }
}

/** Throws the cloud's refusal, such as of a wrong token. */
export async function signIn(token: string): Promise<void> {
  const response = await ask('POST', { token });
  if (!response.ok) throw await problem(response);
  enter({ kind: 'in', session: (await response.json()) as Session });
}

export async function signOut(): Promise<void> {
  await ask('DELETE');
  enter({ kind: 'out' });
}

export function useAccess(): Access {
  return useSyncExternalStore(
    (watch) => {
      watchers.add(watch);
      return () => watchers.delete(watch);
    },
    () => access,
  );
}

/** Of pages, which are there only while somebody is signed in. */
export function useSession(): Session {
  const now = useAccess();
  if (now.kind !== 'in') throw new Error('a page is shown and nobody is signed in');
  return now.session;
}

const RANK = { billing: 0, reader: 1, operator: 2, owner: 3 } as const;

export function may(session: Session, least: keyof typeof RANK): boolean {
  return RANK[session.role] >= RANK[least] && session.account.suspendedAt === undefined;
}
