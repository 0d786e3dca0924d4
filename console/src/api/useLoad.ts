import { useCallback, useEffect, useRef, useState } from 'react';
import { asRefusal, type Refusal } from './refusal';

export interface Loaded<T> {
  value: T | undefined;
  error: Refusal | undefined;
  loading: boolean;
  reload: () => void;
}

/** Asks when `keys` change and on `reload`; an answer that is no longer wanted is dropped. */
export function useLoad<T>(load: () => Promise<T>, keys: readonly unknown[]): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, 'reload'>>({
    value: undefined,
    error: undefined,
    loading: true,
  });
  const [round, setRound] = useState(0);
  const latest = useRef(load);
  latest.current = load;

  useEffect(() => {
    let wanted = true;
    setState((before) => ({ ...before, loading: true }));
    latest.current().then(
      (value) => wanted && setState({ value, error: undefined, loading: false }),
      (thrown) => wanted && setState((before) => ({ ...before, error: asRefusal(thrown), loading: false })),
    );
    return () => {
      wanted = false;
    };
  }, [round, ...keys]);

  const reload = useCallback(() => setRound((before) => before + 1), []);
  return { ...state, reload };
}
