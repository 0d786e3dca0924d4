import { applyMode, Mode } from '@cloudscape-design/global-styles';
import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'brume.theme';
const system = window.matchMedia('(prefers-color-scheme: dark)');
const watchers = new Set<() => void>();
let theme: Theme = kept();

function kept(): Theme {
  const text = window.localStorage.getItem(KEY);
  return text === 'light' || text === 'dark' ? text : 'system';
}

export function isDark(): boolean {
  return theme === 'dark' || (theme === 'system' && system.matches);
}

export function applyTheme(): void {
  applyMode(isDark() ? Mode.Dark : Mode.Light);
  document.documentElement.style.colorScheme = isDark() ? 'dark' : 'light';
  watchers.forEach((watch) => watch());
}
system.addEventListener('change', applyTheme);

export function setTheme(wanted: Theme): void {
  theme = wanted;
  window.localStorage.setItem(KEY, wanted);
  applyTheme();
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function useTheme(): Theme {
  return useSyncExternalStore(watch, () => theme);
}

export function useDark(): boolean {
  return useSyncExternalStore(watch, isDark);
}
