import type { CollectionPreferencesProps } from '@cloudscape-design/components/collection-preferences';
import { useState } from 'react';

export type Preferences = CollectionPreferencesProps.Preferences;

/** How somebody likes a table, kept in the browser under `key`. */
export function usePreferences(key: string, usual: Preferences): [Preferences, (wanted: Preferences) => void] {
  const [preferences, setPreferences] = useState<Preferences>(() => {
    try {
      return { ...usual, ...(JSON.parse(window.localStorage.getItem(key) ?? '{}') as Preferences) };
    } catch {
      return usual;
    }
  });
  return [
    preferences,
    (wanted) => {
      setPreferences(wanted);
      window.localStorage.setItem(key, JSON.stringify(wanted));
    },
  ];
}
