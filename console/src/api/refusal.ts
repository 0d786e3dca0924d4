import type { Problem } from './types';

/** What the cloud refused, with its own words; or that it did not answer, with `code` `unreachable`. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;
  readonly requestId: string | undefined;

  constructor(status: number, problem: Partial<Problem>) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
    this.name = 'Refusal';
    this.status = status;
    this.code = problem.code ?? 'unknown';
    this.field = problem.field;
    this.requestId = problem.requestId;
  }

  get isAway(): boolean {
    return this.code === 'unreachable';
  }
}

/** Anything thrown, as a refusal that can be shown. */
export function asRefusal(thrown: unknown): Refusal {
  if (thrown instanceof Refusal) return thrown;
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return new Refusal(0, { code: 'console_failure', detail });
}
