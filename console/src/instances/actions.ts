import { api, idempotencyKey, taken } from '../api/client';
import { asRefusal } from '../api/refusal';
import type { Instance, InstanceState } from '../api/types';
import { dismiss, notify } from '../app/notices';
import { text } from '../text';
import { instances } from './store';

export type Verb = 'start' | 'stop' | 'reboot' | 'terminate';
export const VERBS: readonly Verb[] = ['start', 'stop', 'reboot', 'terminate'];

const AT_ONCE = 6;
const FAILURES_SHOWN = 5;
const words = text.instances;

const FROM: Record<Verb, readonly InstanceState[]> = {
  start: ['stopped'],
  stop: ['running', 'pending'],
  reboot: ['running'],
  terminate: ['pending', 'running', 'stopping', 'stopped'],
};

export function nameOf(instance: Instance): string {
  return instance.name ?? instance.id;
}

/** Those that the verb makes sense for now. */
export function applicable(verb: Verb, chosen: readonly Instance[]): Instance[] {
  return chosen.filter((one) =>
    FROM[verb].includes(one.state) && !(verb === 'terminate' && one.terminationProtected));
}

function ask(verb: Verb, id: string): Promise<Instance> {
  const params = { path: { instanceId: id }, header: { 'Idempotency-Key': idempotencyKey() } };
  switch (verb) {
    case 'start':
      return taken(api.POST('/v1/instances/{instanceId}/start', { params }));
    case 'stop':
      return taken(api.POST('/v1/instances/{instanceId}/stop', { params }));
    case 'reboot':
      return taken(api.POST('/v1/instances/{instanceId}/reboot', { params }));
    case 'terminate':
      return taken(api.POST('/v1/instances/{instanceId}/terminate', { params }));
  }
}

/** Does it to all of them, some at once, and says how it went; what was stopped can be started again. */
export async function act(verb: Verb, chosen: readonly Instance[]): Promise<void> {
  const { doing, done } = words.verbs[verb];
  const notice = chosen.length > 1
    ? notify({ type: 'info', loading: true, content: words.progress(doing, 0, chosen.length) })
    : undefined;
  const queue = [...chosen];
  const succeeded: Instance[] = [];
  const failed: string[] = [];
  await Promise.all(
    Array.from({ length: Math.min(AT_ONCE, queue.length) }, async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        try {
          const now = await ask(verb, next.id);
          instances.put([now]);
          succeeded.push(now);
        } catch (thrown) {
          failed.push(`${nameOf(next)}: ${asRefusal(thrown).message}`);
        }
        if (notice) {
          const finished = succeeded.length + failed.length;
          notify({ id: notice, type: 'info', loading: true, content: words.progress(doing, finished, chosen.length) });
        }
      }
    }),
  );
  if (notice) dismiss(notice);
  if (succeeded.length > 0) reportDone(verb, done, succeeded);
  if (failed.length > 0) {
    const more = failed.length > FAILURES_SHOWN ? ' …' : '';
    notify({
      type: 'error',
      header: words.failed(words.verbs[verb].label, failed.length),
      content: failed.slice(0, FAILURES_SHOWN).join('; ') + more,
    });
  }
}

function reportDone(verb: Verb, done: string, succeeded: readonly Instance[]): void {
  const first = succeeded[0];
  const id = notify({
    type: 'success',
    content: succeeded.length === 1 && first
      ? words.doneOne(done, nameOf(first))
      : words.doneMany(done, succeeded.length),
    ...(verb === 'stop'
      ? {
          buttonText: words.undoStop,
          onButtonClick: () => {
            dismiss(id);
            void act('start', succeeded);
          },
        }
      : {}),
  });
}
