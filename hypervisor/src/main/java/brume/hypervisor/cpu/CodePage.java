package brume.hypervisor.cpu;

import java.lang.invoke.VarHandle;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The decoded instructions of one page of RAM, found by their offset. The object stays the page's
/// own for the life of the machine; a write to decoded bytes empties it. Instructions already
/// linked to each other go on until the flow leaves them or executes `fence.i`, as the
/// specification allows (Zifencei).
///
/// Of most pages a guest executes little, so the table begins small and is doubled where two
/// instructions want one slot. With a slot for each half-word none do.
final class CodePage {
  static final int BYTES = 4096;

  private static final @Nullable Instruction[] NOTHING = new Instruction[1];
  private static final int FEWEST = 128;

  final int number;

  /// By the lowest bits of their half-words' numbers.
  private @Nullable Instruction[] slots = NOTHING;

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
  private Set<Head> translated = Set.of();

  CodePage(int number) {
    this.number = number;
  }

  /// What is decoded at an offset; null if nothing is. Any thread.
  @Nullable Instruction at(int offset) {
    @Nullable Instruction[] known = slots;
    Instruction instruction = known[offset >>> 1 & known.length - 1];
    return instruction != null && instruction.offset == offset ? instruction : null;
  }

  void put(Instruction instruction) {
    enter(instruction);
    lines |= 1L << (instruction.offset >>> 6);
    lines |= 1L << ((Math.min(instruction.offset + instruction.length, BYTES) - 1) >>> 6);
    decoded++;
  }

  /// In the place of what was at its offset, if anything was.
  void enter(Instruction instruction) {
    int halfWord = instruction.offset >>> 1;
    @Nullable Instruction[] wide = slots;
    Instruction there = wide[halfWord & wide.length - 1];
    while (wide.length < FEWEST || (there != null && there.offset != instruction.offset)) {
      wide = doubled(wide);
      there = wide[halfWord & wide.length - 1];
    }
    wide[halfWord & wide.length - 1] = instruction;
    // Others read it without the lock.
    VarHandle.releaseFence();
    slots = wide;
  }

  private static @Nullable Instruction[] doubled(@Nullable Instruction[] slots) {
    int length = Math.max(FEWEST, 2 * slots.length);
    @Nullable Instruction[] wide = new Instruction[length];
    for (Instruction instruction : slots) {
      if (instruction != null) {
        wide[instruction.offset >>> 1 & length - 1] = instruction;
      }
    }
    return wide;
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
    if (translated.isEmpty()) {
      translated = new HashSet<>();
    }
    translated.add(head);
  }

  void clear() {
    version++;
    if (!translated.isEmpty()) {
      translationsLost++;
    }
    translated.forEach(Head::forget);
    translated = Set.of();
    slots = NOTHING;
    lines = 0;
    decoded = 0;
  }
}
