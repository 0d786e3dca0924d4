import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { asRefusal, type Refusal } from '../api/refusal';
import type { Instance } from '../api/types';
import { instances, type Snapshot } from './store';

export function useInstances(): Snapshot {
  return useSyncExternalStore(instances.subscribe, instances.getSnapshot);
}

/** Keeps what is shown of these ids complete while the caller is on the page. */
export function useLook(ids: string[]): void {
  const viewer = useMemo(() => ({}), []);
  const key = ids.join(' ');
  useEffect(() => {
    instances.look(viewer, key === '' ? [] : key.split(' '));
  }, [viewer, key]);
  useEffect(() => () => instances.look(viewer, []), [viewer]);
}

/** One instance by its id, live; `error` where there is none. */
export function useInstance(id: string): { instance: Instance | undefined; error: Refusal | undefined } {
  useInstances();
  useLook([id]);
  const [error, setError] = useState<Refusal>();
  useEffect(() => {
    let here = true;
    setError(undefined);
    instances.refresh(id).catch((thrown: unknown) => here && setError(asRefusal(thrown)));
    return () => {
      here = false;
    };
  }, [id]);
  return { instance: instances.get(id), error };
}
