import { api, taken } from '../api/client';
import { stream } from '../api/events';
import { allPages } from '../api/pages';
import { asRefusal, type Refusal } from '../api/refusal';
import type { Event, Instance, InstanceState } from '../api/types';
import { after, isSettled } from './state';

const ITEMS_MAX = 20_000;
const PAGE = 1000;
const LOOKS_AT_ONCE = 4;
const LOOK_AGAIN_MS = 1000;
const LOOKED_AT_MAX = 100;
const PENDING_MS = 4000;
const PACE_MS = 300;
const LIVE_STATES: InstanceState[] = ['pending', 'running', 'stopping', 'stopped', 'shutting-down'];

export interface Snapshot {
  /** The newest first. */
  items: Instance[];
  loaded: boolean;
  /** False where the account has more than is kept here. */
  whole: boolean;
  error: Refusal | undefined;
}

/**
 * The account's instances, kept up to date by the event stream.
 *
 * An event changes the state at once; what else it changed (the reason, the node, the zone) is asked
 * for, once a second, of those that somebody looks at. Ended ones are loaded only when wanted.
 */
class InstanceStore {
  private readonly byId = new Map<string, Instance>();
  private snapshot: Snapshot = { items: [], loaded: false, whole: true, error: undefined };
  private readonly watchers = new Set<() => void>();
  private readonly stale = new Set<string>();
  private readonly visible = new Map<object, string[]>();
  private withEnded = false;
  private looking = 0;
  private timer: number | undefined;
  private round = 0;
  private pace: number | undefined;
  private published = 0;

  constructor() {
    stream.listen((events) => this.apply(events));
    stream.onGap(() => void this.load());
    window.setInterval(() => this.lookAtPending(), PENDING_MS);
  }

  subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  getSnapshot = (): Snapshot => this.snapshot;

  get(id: string): Instance | undefined {
    return this.byId.get(id);
  }

  /** All pages anew. What was changed here meanwhile stays. */
  async load(withEnded = this.withEnded): Promise<void> {
    this.withEnded = withEnded;
    const round = ++this.round;
    const query = withEnded ? { limit: PAGE } : { limit: PAGE, state: LIVE_STATES };
    try {
      const { items, whole } = await allPages(
        (cursor) => taken(api.GET('/v1/instances', { params: { query: { ...query, cursor } } })),
        ITEMS_MAX,
      );
      if (round !== this.round) return;
      this.byId.clear();
      for (const item of items) this.byId.set(item.id, item);
      this.publish({ loaded: true, whole, error: undefined });
    } catch (thrown) {
      if (round === this.round) this.publish({ error: asRefusal(thrown) });
    }
  }

  /** What an answer said of instances, such as after an action. */
  put(instances: readonly Instance[]): void {
    for (const instance of instances) this.byId.set(instance.id, instance);
    this.publish({});
  }

  /** The ids that `viewer` shows now: what happens to them is looked up in full. */
  look(viewer: object, ids: string[]): void {
    if (ids.length === 0) {
      this.visible.delete(viewer);
    } else {
      this.visible.set(viewer, ids.slice(0, LOOKED_AT_MAX));
    }
    this.lookSoon();
  }

  /** Asks for one instance, also one that the list does not hold. */
  async refresh(id: string): Promise<Instance> {
    const instance = await taken(
      api.GET('/v1/instances/{instanceId}', { params: { path: { instanceId: id } } }),
    );
    this.put([instance]);
    return instance;
  }

  forget(): void {
    this.round++;
    this.byId.clear();
    this.stale.clear();
    this.snapshot = { items: [], loaded: false, whole: true, error: undefined };
    this.watchers.forEach((watch) => watch());
  }

  private apply(events: Event[]): void {
    let changed = false;
    for (const event of events) {
      const before = this.byId.get(event.instanceId);
      this.stale.add(event.instanceId);
      if (before) {
        const now = after(before, event);
        changed ||= now !== before;
        this.byId.set(event.instanceId, now);
      }
    }
    if (changed) this.publishSoon();
    this.lookSoon();
  }

  /** At once after a pause; while events go on and on, some times a second, so that the page stays quick. */
  private publishSoon(): void {
    if (this.pace !== undefined) return;
    const wait = Math.max(0, this.published + PACE_MS - performance.now());
    this.pace = window.setTimeout(() => this.publish({}), wait);
  }

  private publish(change: Partial<Snapshot>): void {
    window.clearTimeout(this.pace);
    this.pace = undefined;
    this.published = performance.now();
    const items = [...this.byId.values()];
    // Pages come in this order, and what changed keeps its place: mostly there is nothing to do.
    if (items.some((item, index) => index > 0 && item.id > (items[index - 1]?.id ?? ''))) {
      items.sort((a, b) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0));
    }
    this.snapshot = { ...this.snapshot, ...change, items };
    this.watchers.forEach((watch) => watch());
  }

  private wanted(): string[] {
    const seen = new Set<string>();
    for (const ids of this.visible.values()) ids.forEach((id) => seen.add(id));
    const wanted: string[] = [];
    for (const id of this.stale) {
      // One that is not known here was launched elsewhere.
      if (seen.has(id) || !this.byId.has(id)) wanted.push(id);
      if (wanted.length === LOOKED_AT_MAX) break;
    }
    return wanted;
  }

  private lookAtPending(): void {
    if (document.hidden || stream.connection !== 'live') return;
    // Why one waits changes without a transition, so the stream does not tell it.
    for (const ids of this.visible.values()) {
      for (const id of ids) {
        const instance = this.byId.get(id);
        if (instance && !isSettled(instance.state)) this.stale.add(id);
      }
    }
    this.lookSoon();
  }

  private lookSoon(): void {
    if (this.timer !== undefined || this.stale.size === 0) return;
    this.timer = window.setTimeout(() => {
      this.timer = undefined;
      void this.lookNow();
    }, this.looking === 0 ? 50 : LOOK_AGAIN_MS);
  }

  private async lookNow(): Promise<void> {
    if (this.looking > 0) return;
    const ids = this.wanted();
    if (ids.length === 0) return;
    ids.forEach((id) => this.stale.delete(id));
    const round = this.round;
    const found: Instance[] = [];
    const queue = [...ids];
    this.looking = Math.min(LOOKS_AT_ONCE, queue.length);
    await Promise.all(
      Array.from({ length: this.looking }, async () => {
        for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
          const instance = await taken(
            api.GET('/v1/instances/{instanceId}', { params: { path: { instanceId: id } } }),
          ).catch(() => undefined);
          if (instance) found.push(instance);
        }
      }),
    );
    this.looking = 0;
    if (round === this.round && found.length > 0) this.put(found);
    // A pause between two looks, however many events come.
    this.timer ??= window.setTimeout(() => {
      this.timer = undefined;
      void this.lookNow();
    }, LOOK_AGAIN_MS);
  }
}

export const instances = new InstanceStore();
