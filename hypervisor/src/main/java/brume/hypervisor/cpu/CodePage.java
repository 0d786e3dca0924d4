package brume.hypervisor.cpu;

import java.lang.invoke.VarHandle;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The decoded instructions of one page of RAM, found by half-word; null where nothing is decoded.
/// The object stays the page's own for the life of the machine; a write to decoded bytes empties
/// it. Instructions already linked to each other go on until the flow leaves them or executes
/// `fence.i`, as the specification allows (Zifencei).
final class CodePage {
  static final int BYTES = 4096;

  private static final @Nullable Instruction[] NOTHING = new Instruction[BYTES / 2];

  final int number;
  @Nullable Instruction[] slots = NOTHING;

  /// Whether a hart has entered it since this was last set to false. No more than a hint.
  boolean used;

  /// A bit for each 64 bytes of which something is decoded.
  private long lines;

  int decoded;

  /// How often what was known of this page became wrong.
  int version;

  /// How often translations became wrong with it.
  int translationsLost;

  /// Places, here and in other pages, whose translations hold code of this page.
  private final Set<Head> translated = new HashSet<>();

  CodePage(int number) {
    this.number = number;
  }

  void put(Instruction instruction) {
    if (decoded == 0) {
      @Nullable Instruction[] empty = new Instruction[BYTES / 2];
      // Others read it without the lock.
      VarHandle.releaseFence();
      slots = empty;
    }
    slots[instruction.offset >>> 1] = instruction;
    lines |= 1L << (instruction.offset >>> 6);
    lines |= 1L << ((Math.min(instruction.offset + instruction.length, BYTES) - 1) >>> 6);
    decoded++;
  }

  /// Whether something was decoded from the 64-byte lines that hold `[from, to)`.
  boolean touches(int from, int to) {
    long upTo = -1L >>> (63 - ((to - 1) >>> 6));
    return (lines & upTo & (-1L << (from >>> 6))) != 0;
  }

  boolean isTranslated() {
    return !translated.isEmpty();
  }

  void translatedAt(Head head) {
    translated.add(head);
  }

  void clear() {
    version++;
    if (!translated.isEmpty()) {
      translationsLost++;
    }
    translated.forEach(Head::forget);
    translated.clear();
    slots = NOTHING;
    lines = 0;
    decoded = 0;
  }
}
