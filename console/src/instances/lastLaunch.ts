import { api, idempotencyKey, taken } from '../api/client';
import { asRefusal } from '../api/refusal';
import type { Instance, RunInstancesRequest } from '../api/types';
import { notify } from '../app/notices';
import { navigate } from '../app/route';
import { text } from '../text';
import { nameOf } from './actions';
import { instances } from './store';

const KEY = 'brume.launch';
const words = text.launch;

export function lastLaunch(): RunInstancesRequest | undefined {
  try {
    const kept = JSON.parse(window.localStorage.getItem(KEY) ?? 'null') as RunInstancesRequest | null;
    return kept ?? undefined;
  } catch {
    return undefined;
  }
}

/** Launches, keeps the request for the next time, and says what came of it. Throws a `Refusal`. */
export async function launch(
  request: RunInstancesRequest,
  key = idempotencyKey(),
  goesThere = true,
): Promise<Instance[]> {
  const answer = await taken(
    api.POST('/v1/instances', { params: { header: { 'Idempotency-Key': key } }, body: request }),
  );
  if (!('instances' in answer)) return [];
  const { userData: _secret, ...kept } = request;
  window.localStorage.setItem(KEY, JSON.stringify(kept));
  instances.put(answer.instances);
  const first = answer.instances[0];
  const what = answer.instances.length === 1 && first
    ? nameOf(first)
    : text.instances.count(answer.instances.length, 'instance', 'instances');
  notify({
    type: 'success',
    content: words.launched(what),
    ...(first && answer.instances.length === 1 && !goesThere
      ? { buttonText: words.watch, onButtonClick: () => navigate(`/instances/${first.id}`) }
      : {}),
  });
  return answer.instances;
}

/** In one click; a refusal is a message. */
export async function launchAgain(request: RunInstancesRequest): Promise<void> {
  try {
    await launch(request, idempotencyKey(), false);
  } catch (thrown) {
    notify({ type: 'error', header: words.failed, content: asRefusal(thrown).message });
  }
}
