/** When the next batch is to be handed over: a browser's frame, or a test's hand. */
export type Schedule = (run: () => void) => void;

const HIDDEN_MS = 1000;

/** The next frame; in a tab that nobody sees, where there are none, once a second. */
export const nextFrame: Schedule = (run) => {
  if (document.hidden) {
    window.setTimeout(run, HIDDEN_MS);
  } else {
    requestAnimationFrame(run);
  }
};

/**
 * Collects what comes one by one and hands it over at most once a frame, in order: 500 events in a
 * second are 60 changes of the page at most.
 */
export class Batch<T> {
  private waiting: T[] = [];
  private scheduled = false;
  private readonly take: (batch: T[]) => void;
  private readonly schedule: Schedule;

  constructor(take: (batch: T[]) => void, schedule: Schedule = nextFrame) {
    this.take = take;
    this.schedule = schedule;
  }

  add(item: T): void {
    this.waiting.push(item);
    if (!this.scheduled) {
      this.scheduled = true;
      this.schedule(() => this.flush());
    }
  }

  private flush(): void {
    const batch = this.waiting;
    this.waiting = [];
    this.scheduled = false;
    this.take(batch);
  }
}
