import type { FlashbarProps } from '@cloudscape-design/components/flashbar';
import { useSyncExternalStore } from 'react';
import { text } from '../text';

type Notice = FlashbarProps.MessageDefinition;

const SHOWN_MAX = 6;
const SUCCESS_MS = 12_000;
const watchers = new Set<() => void>();
let notices: readonly Notice[] = [];
let next = 0;

function publish(changed: readonly Notice[]): void {
  notices = changed;
  watchers.forEach((watch) => watch());
}

export function dismiss(id: string): void {
  publish(notices.filter((notice) => notice.id !== id));
}

/** Shows a message above the page, or changes the one with this `id`; good news leaves by itself. */
export function notify(notice: Notice): string {
  const id = notice.id ?? `notice-${next++}`;
  const shown: Notice = {
    dismissible: notice.loading !== true,
    dismissLabel: text.common.dismiss,
    onDismiss: () => dismiss(id),
    ...notice,
    id,
  };
  const rest = notices.filter((one) => one.id !== id);
  publish([shown, ...rest].slice(0, SHOWN_MAX));
  if (notice.type === 'success') window.setTimeout(() => dismiss(id), SUCCESS_MS);
  return id;
}

export function useNotices(): readonly Notice[] {
  return useSyncExternalStore(
    (watch) => {
      watchers.add(watch);
      return () => watchers.delete(watch);
    },
    () => notices,
  );
}
