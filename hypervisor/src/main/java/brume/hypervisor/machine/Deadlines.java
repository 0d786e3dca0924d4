package brume.hypervisor.machine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Things in the order of a time each, the earliest first; of two with the same time, the one made
/// first. A binary heap whose entries are made with what they belong to, so that nothing is
/// allocated once there is room: the scheduler must go on when the heap of the process is full.
/// First, next and out take logarithmic time.
final class Deadlines<T> {
  /// A place in one of these, at most once at a time.
  static final class Entry<T> {
    private final T owner;
    private final long number;
    private long time;
    private int index = -1;

    Entry(T owner, long number) {
      this.owner = owner;
      this.number = number;
    }

    boolean isIn() {
      return index >= 0;
    }

    long time() {
      return time;
    }

    private boolean isBefore(Entry<T> other) {
      return time != other.time ? time < other.time : number < other.number;
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private @Nullable Entry<T>[] heap = new Entry[16];

  private int size;

  /// Makes room; the only operation that allocates.
  void reserve(int entries) {
    if (entries > heap.length) {
      heap = Arrays.copyOf(heap, Math.max(entries, 2 * heap.length));
    }
  }

  boolean isEmpty() {
    return size == 0;
  }

  private Entry<T> at(int index) {
    Entry<T> entry = heap[index];
    if (entry == null) {
      throw new AssertionError("no entry at " + index + " of " + size);
    }
    return entry;
  }

  /// Long.MAX_VALUE where there is none.
  long firstTime() {
    return size == 0 ? Long.MAX_VALUE : at(0).time;
  }

  void add(Entry<T> entry, long time) {
    if (entry.isIn()) {
      throw new IllegalStateException("an entry is in already");
    }
    entry.time = time;
    size++;
    rise(size - 1, entry);
  }

  /// What the first entry belongs to, and it out; null where there is none.
  @Nullable T poll() {
    if (size == 0) {
      return null;
    }
    Entry<T> first = at(0);
    remove(first);
    return first.owner;
  }

  /// No effect if it is not in.
  void remove(Entry<T> entry) {
    int index = entry.index;
    if (index < 0) {
      return;
    }
    entry.index = -1;
    size--;
    Entry<T> last = at(size);
    heap[size] = null;
    if (last == entry) {
      return;
    }
    if (index > 0 && last.isBefore(at((index - 1) / 2))) {
      rise(index, last);
    } else {
      sink(index, last);
    }
  }

  private void rise(int from, Entry<T> entry) {
    int index = from;
    while (index > 0 && entry.isBefore(at((index - 1) / 2))) {
      put(index, at((index - 1) / 2));
      index = (index - 1) / 2;
    }
    put(index, entry);
  }

  private void sink(int from, Entry<T> entry) {
    int index = from;
    for (int child = 2 * index + 1; child < size; child = 2 * index + 1) {
      if (child + 1 < size && at(child + 1).isBefore(at(child))) {
        child++;
      }
      if (!at(child).isBefore(entry)) {
        break;
      }
      put(index, at(child));
      index = child;
    }
    put(index, entry);
  }

  private void put(int index, Entry<T> entry) {
    heap[index] = entry;
    entry.index = index;
  }
}
