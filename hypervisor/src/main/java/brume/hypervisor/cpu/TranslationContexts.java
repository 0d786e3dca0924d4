package brume.hypervisor.cpu;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/// Gives each combination of `satp`, effective privilege, SUM and MXR a small number, with which
/// the translation buffers tag their entries: so neither a trap nor a switch of address spaces
/// flushes them, and a flush is only to take numbers out of use.
///
/// A supervisor has the same numbers in all address spaces of a mode ([LocalPages] says why).
final class TranslationContexts {
  /// Numbers fit into the 12 bits of a page offset; 0 tags an empty entry.
  private static final int MAX = 4095;

  private static final int VARIANTS = 16;
  private static final long MODE = 0xfL << 60;

  private final Map<Long, short[]> spaces = new HashMap<>();
  private int used;

  /// The space asked for last: a trap asks for the same ones again.
  private long lastSpace;

  private short[] lastNumbers = new short[VARIANTS];

  TranslationContexts() {
    spaces.put(lastSpace, lastNumbers);
  }

  /// The number, or 0 when none is left: the caller empties its buffers and [#startAgain]s.
  int number(long satp, int privilege, boolean sum, boolean mxr) {
    long key = privilege == Privilege.SUPERVISOR ? satp & MODE : satp;
    int variant = privilege | (sum ? 4 : 0) | (mxr ? 8 : 0);
    short[] numbers = key == lastSpace ? lastNumbers : space(key);
    if (numbers[variant] == 0) {
      if (used == MAX) {
        return 0;
      }
      numbers[variant] = (short) ++used;
    }
    return numbers[variant];
  }

  private short[] space(long satp) {
    lastNumbers = spaces.computeIfAbsent(satp, key -> new short[VARIANTS]);
    lastSpace = satp;
    return lastNumbers;
  }

  /// Nothing that was entered under a number is found again.
  void retireAll() {
    spaces.clear();
    space(lastSpace);
  }

  void retire(int asid) {
    for (Iterator<Map.Entry<Long, short[]>> it = spaces.entrySet().iterator(); it.hasNext(); ) {
      Map.Entry<Long, short[]> space = it.next();
      if ((space.getKey() >>> 44 & 0xffff) == asid) {
        Arrays.fill(space.getValue(), (short) 0);
        it.remove();
      }
    }
    space(lastSpace);
  }

  /// The same for all of supervisors.
  void retireSupervisors() {
    for (Map.Entry<Long, short[]> space : spaces.entrySet()) {
      if ((space.getKey() & ~MODE) == 0) {
        Arrays.fill(space.getValue(), (short) 0);
      }
    }
  }

  void startAgain() {
    used = 0;
    retireAll();
  }
}
