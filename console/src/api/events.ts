import { Batch } from './batch';
import type { AlertEvent, Event } from './types';

export type Connection = 'connecting' | 'live' | 'away';

const RETRY_MS_MIN = 1000;
const RETRY_MS_MAX = 15_000;

/**
 * The account's event stream. The browser comes back by itself with the last id after a broken line;
 * after a refusal it does not, and then this does, with growing pauses, and says that events may have
 * been missed.
 */
export class EventStream {
  private source: EventSource | undefined;
  private retryMs = RETRY_MS_MIN;
  private timer: number | undefined;
  private state: Connection = 'connecting';
  private missed = false;
  private readonly watchers = new Set<() => void>();
  private readonly listeners = new Set<(events: Event[]) => void>();
  private readonly alertListeners = new Set<(alert: AlertEvent) => void>();
  private readonly gapListeners = new Set<() => void>();
  private readonly batch = new Batch<Event>((events) => this.listeners.forEach((listen) => listen(events)));

  open(): void {
    this.close();
    this.connect();
  }

  close(): void {
    window.clearTimeout(this.timer);
    this.source?.close();
    this.source = undefined;
    this.missed = false;
  }

  get connection(): Connection {
    return this.state;
  }

  watchConnection = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** Events in batches, at most one batch a frame. */
  listen(listener: (events: Event[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** What the account is told of its spending, each once. */
  onAlert(listener: (alert: AlertEvent) => void): () => void {
    this.alertListeners.add(listener);
    return () => this.alertListeners.delete(listener);
  }

  /** Called when the stream is back and events may be missing. */
  onGap(listener: () => void): () => void {
    this.gapListeners.add(listener);
    return () => this.gapListeners.delete(listener);
  }

  private connect(): void {
    const source = new EventSource('/v1/events');
    this.source = source;
    source.addEventListener('open', () => {
      this.retryMs = RETRY_MS_MIN;
      this.enter('live');
      if (this.missed) {
        this.missed = false;
        this.gapListeners.forEach((listen) => listen());
      }
    });
    source.addEventListener('transition', (message) => {
      this.batch.add(JSON.parse((message as MessageEvent<string>).data) as Event);
    });
    source.addEventListener('budget-alert', (message) => {
      const alert = JSON.parse((message as MessageEvent<string>).data) as AlertEvent;
      this.alertListeners.forEach((listen) => listen(alert));
    });
    source.addEventListener('error', () => {
      this.enter('away');
      this.missed = true;
      if (source.readyState === EventSource.CLOSED) this.comeBack(source);
    });
  }

  private comeBack(source: EventSource): void {
    if (this.source !== source) return;
    this.timer = window.setTimeout(() => this.connect(), this.retryMs);
    this.retryMs = Math.min(RETRY_MS_MAX, this.retryMs * 2);
  }

  private enter(state: Connection): void {
    if (this.state === state) return;
    this.state = state;
    this.watchers.forEach((watch) => watch());
  }
}

export const stream = new EventStream();
