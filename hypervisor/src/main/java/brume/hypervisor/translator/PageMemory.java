package brume.hypervisor.translator;

import static brume.hypervisor.translator.InstructionWriter.rs1;

import brume.hypervisor.cpu.Encoding;
import brume.hypervisor.cpu.RegionPlan.Operation;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Which accesses of a region remember the page they met last: those by one base register share two
/// local variables, the page and its addend; loads and stores each for themselves.
final class PageMemory {
  static final int NONE = -1;

  private static final int MAX = 8;
  private static final int STORES = 32;

  private final Map<Integer, Integer> locals = new HashMap<>();

  PageMemory(List<Operation> operations, int firstLocal) {
    int[] uses = new int[2 * STORES];
    for (Operation operation : operations) {
      Encoding.Group group = operation.encoding().group();
      if (group == Encoding.Group.MEMORY || group == Encoding.Group.FLOAT_MEMORY) {
        uses[key(operation)]++;
      }
    }
    List<Integer> keys =
        IntStream.range(0, uses.length)
            .filter(key -> uses[key] > 0)
            .boxed()
            .sorted(Comparator.comparingInt(key -> -uses[key]))
            .toList();
    for (int key : keys.subList(0, Math.min(MAX, keys.size()))) {
      locals.put(key, firstLocal + 4 * locals.size());
    }
  }

  private static int key(Operation operation) {
    boolean store =
        switch (operation.encoding().operands()) {
          case S, FLOAT_STORE -> true;
          default -> false;
        };
    return rs1(operation) + (store ? STORES : 0);
  }

  /// The local variable of the page; that of the addend lies behind it.
  int local(int register, boolean store) {
    return locals.getOrDefault(register + (store ? STORES : 0), NONE);
  }

  List<Integer> locals() {
    return List.copyOf(locals.values());
  }
}
