import type { paths } from '@contract';
import createClient, { type Middleware } from 'openapi-fetch';
import { text } from '../text';
import { Refusal } from './refusal';
import type { Problem } from './types';

/** Told of every answer 401: the session is over. */
export const signedOut = new EventTarget();

/** One for each thing a person wants done, so that a request sent twice does it once. */
export function idempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const ours: Middleware = {
  onRequest({ request }) {
    if (request.method !== 'GET') {
      // A page of another origin cannot set it: it stands beside the cookie.
      request.headers.set('X-Brume-Console', '1');
    }
    if (request.method === 'POST' && !request.headers.has('Idempotency-Key')) {
      request.headers.set('Idempotency-Key', idempotencyKey());
    }
    return request;
  },
};

export const api = createClient<paths>({
  baseUrl: window.location.origin,
  credentials: 'same-origin',
  fetch: (request) => fetch(request).catch(unreachable),
});
api.use(ours);

function unreachable(thrown: unknown): never {
  if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown;
  throw new Refusal(0, { code: 'unreachable', detail: text.errors.unreachable });
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The answer's body; throws a `Refusal` in the cloud's own words. */
export async function taken<T>(asked: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asked;
  if (response.ok) return data as T;
  const refusal = refusalOf(response, error);
  if (response.status === 401) signedOut.dispatchEvent(new CustomEvent('out'));
  throw refusal;
}

function refusalOf(response: Response, body: unknown): Refusal {
  if (body !== null && typeof body === 'object' && 'code' in body) {
    return new Refusal(response.status, body as Problem);
  }
  const detail = response.status >= 500 ? text.errors.away(response.status) : text.errors.odd(response.status);
  return new Refusal(response.status, { code: 'unknown', detail });
}

/** For what is not JSON: the text with the answer's headers. */
export async function plain(path: string): Promise<{ body: string; headers: Headers }> {
  const response = await fetch(path, { credentials: 'same-origin' }).catch(unreachable);
  const body = await response.text();
  if (response.ok) return { body, headers: response.headers };
  let problem: unknown;
  try {
    problem = JSON.parse(body);
  } catch {
    problem = undefined;
  }
  if (response.status === 401) signedOut.dispatchEvent(new CustomEvent('out'));
  throw refusalOf(response, problem);
}
