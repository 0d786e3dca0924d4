package brume.billing.rating;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What is known of each of millions of resources, found by id. Ids of up to 24 Latin letters, as
/// ours are, stand as three numbers in the entry itself: an entry is found with two looks at memory
/// and takes a third of what it would with an id and a node of its own. Longer ids are kept beside.
final class ResourceTable<T extends ResourceTable.Entry> {
  private static final int SLOTS_MIN = 1 << 10;
  private static final int LETTERS = 8;

  /// How many are looked at together.
  static final int LOOKS_MAX = 32;

  /// What a table holds.
  abstract static class Entry {
    private long first;
    private long second;
    private long third;

    /// Reads what will be read next.
    abstract long look();

    private boolean is(long one, long two, long three) {
      return first == one && second == two && third == three;
    }
  }

  private final Map<String, T> longer = new HashMap<>();
  private @Nullable Entry[] slots = new Entry[SLOTS_MIN];
  private int used;

  private final int[] places = new int[LOOKS_MAX];
  private final @Nullable Entry[] ahead = new Entry[LOOKS_MAX];

  /// Of no meaning; so that looking is not left out.
  @SuppressWarnings({"unused", "FieldCanBeLocal"})
  private long looked;

  int size() {
    return used + longer.size();
  }

  /// The resource's entry, which is made where there is none.
  T entry(String id, Supplier<T> made) {
    if (!fits(id)) {
      return longer.computeIfAbsent(id, each -> made.get());
    }
    int slot = find(id);
    Entry there = slots[slot];
    if (there != null) {
      return own(there);
    }
    T entry = made.get();
    Entry key = entry;
    key.first = letters(id, 0);
    key.second = letters(id, LETTERS);
    key.third = letters(id, 2 * LETTERS);
    slots[slot] = entry;
    used++;
    if (used > slots.length / 2) {
      resize(slots.length * 2);
    }
    return entry;
  }

  /// Looks at entries that will be asked for soon, at all of them at once: they lie all over the
  /// memory, which answers ten questions in the time of one.
  ///
  /// @param ids at most [#LOOKS_MAX]
  void lookAhead(List<String> ids) {
    int count = 0;
    for (String id : ids) {
      if (fits(id)) {
        places[count++] = slot(letters(id, 0), letters(id, LETTERS), letters(id, 2 * LETTERS));
      }
    }
    for (int i = 0; i < count; i++) {
      ahead[i] = slots[places[i]];
    }
    long sum = 0;
    for (int i = 0; i < count; i++) {
      Entry entry = ahead[i];
      sum += entry == null ? 0 : entry.look();
    }
    looked = sum;
  }

  @Nullable T get(String id) {
    if (!fits(id)) {
      return longer.get(id);
    }
    Entry there = slots[find(id)];
    return there == null ? null : own(there);
  }

  void each(BiConsumer<String, T> consumer) {
    for (Entry entry : slots) {
      if (entry != null) {
        consumer.accept(id(entry), own(entry));
      }
    }
    longer.forEach(consumer);
  }

  void keep(Predicate<String> ids) {
    longer.keySet().removeIf(ids.negate());
    for (int i = 0; i < slots.length; i++) {
      Entry entry = slots[i];
      if (entry != null && !ids.test(id(entry))) {
        slots[i] = null;
        used--;
      }
    }
    resize(slots.length);
  }

  /// Only what `entry` put in comes out.
  @SuppressWarnings("unchecked")
  private T own(Entry entry) {
    return (T) entry;
  }

  private static boolean fits(String id) {
    if (id.isEmpty() || id.length() > 3 * LETTERS) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      char letter = id.charAt(i);
      if (letter == 0 || letter > 0xff) {
        return false;
      }
    }
    return true;
  }

  private int find(String id) {
    long first = letters(id, 0);
    long second = letters(id, LETTERS);
    long third = letters(id, 2 * LETTERS);
    int slot = slot(first, second, third);
    for (Entry entry = slots[slot]; entry != null && !entry.is(first, second, third); ) {
      slot = (slot + 1) & (slots.length - 1);
      entry = slots[slot];
    }
    return slot;
  }

  private int slot(long first, long second, long third) {
    long mixed = ((first * 31 + second) * 0x9e3779b97f4a7c15L) ^ (third * 0xc2b2ae3d27d4eb4fL);
    mixed ^= mixed >>> 32;
    return (int) ((mixed * 0x9e3779b97f4a7c15L) >>> 33) & (slots.length - 1);
  }

  private static long letters(String id, int from) {
    long letters = 0;
    for (int i = from; i < Math.min(id.length(), from + LETTERS); i++) {
      letters |= (long) id.charAt(i) << (Byte.SIZE * (i - from));
    }
    return letters;
  }

  private static String id(Entry entry) {
    StringBuilder id = new StringBuilder(3 * LETTERS);
    for (long letters : new long[] {entry.first, entry.second, entry.third}) {
      for (long left = letters; left != 0; left >>>= Byte.SIZE) {
        id.append((char) (left & 0xff));
      }
    }
    return id.toString();
  }

  private void resize(int length) {
    @Nullable Entry[] before = slots;
    slots = new Entry[length];
    for (Entry entry : before) {
      if (entry != null) {
        int slot = slot(entry.first, entry.second, entry.third);
        while (slots[slot] != null) {
          slot = (slot + 1) & (slots.length - 1);
        }
        slots[slot] = entry;
      }
    }
  }
}
