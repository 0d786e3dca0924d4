import { useEffect, useSyncExternalStore } from 'react';

/** What the thing with this id is called, for the path above the page and the browser's title. */
const names = new Map<string, string>();
const watchers = new Set<() => void>();

/** Of a page that knows the name of what its address has the id of. */
export function useCrumb(id: string, name: string | undefined): void {
  useEffect(() => {
    if (name === undefined || names.get(id) === name) return;
    names.set(id, name);
    watchers.forEach((watch) => watch());
  }, [id, name]);
}

export function useNameOf(id: string): string | undefined {
  return useSyncExternalStore(
    (watch) => {
      watchers.add(watch);
      return () => watchers.delete(watch);
    },
    () => names.get(id),
  );
}

/** For another account's eyes. */
export function forgetCrumbs(): void {
  names.clear();
}
