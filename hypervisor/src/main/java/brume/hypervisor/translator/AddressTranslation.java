package brume.hypervisor.translator;

import brume.hypervisor.cpu.RegionPlan.Operation;
import brume.hypervisor.cpu.TranslatedCode;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// From guest addresses to the host's, by the hart's translation buffers. One look serves all
/// accesses of a block that are near each other by the same base register: it asks for the first
/// byte and the last one of all of them, which must lie in one page.
final class AddressTranslation {
  /// Farther apart, and accesses would often lie in two pages.
  private static final int SPAN_MAX = 256;

  private static final int STORES = 32;

  private final RegionWriter to;
  private final CodeBuilder code;
  private final List<Operation> operations;
  private final RegionLayout layout;
  private final boolean careful;
  private final int firstLocal;
  private final Map<Integer, Integer> locals = new HashMap<>();

  /// By base register and kind: what is known in the block at hand.
  private final Map<Integer, Span> known = new HashMap<>();

  private @Nullable InnerLoop loop;
  private int index;

  /// Displacements from a base register, the end exclusive.
  private record Span(long from, long end) {
    boolean holds(long displacement, int bytes) {
      return from <= displacement && displacement + bytes <= end;
    }

    Span with(long displacement, int bytes) {
      return new Span(Math.min(from, displacement), Math.max(end, displacement + bytes));
    }
  }

  /// @param careful whether each access must look for itself
  AddressTranslation(RegionWriter to, RegionLayout layout, int firstLocal, boolean careful) {
    this.to = to;
    this.code = to.code;
    this.operations = layout.operations();
    this.layout = layout;
    this.firstLocal = firstLocal;
    this.careful = careful;
  }

  void startBlock() {
    known.clear();
  }

  /// In a loop, what an access finds is kept for the next time round.
  void startLoop(InnerLoop entered) {
    loop = entered;
    for (Operation operation : operations) {
      if (entered.contains(operation.offset()) && isAccess(operation)) {
        int key = key(operation);
        code.lconst_0().lstore(addend(key));
        code.loadConstant(TranslatedCode.NO_PAGE).lstore(page(key));
      }
    }
  }

  void endLoop() {
    loop = null;
  }

  /// The operation that is written next.
  void at(int operation) {
    index = operation;
  }

  /// The base register has another value from here on.
  void forget(int register) {
    known.remove(register);
    known.remove(register + STORES);
  }

  /// Looks for the page, unless it is known.
  void find(Operation operation, int buffer, int register, long displacement) {
    int key = key(operation);
    Span span = known.get(key);
    int bytes = MemoryWriter.bytes(operation);
    if (span == null || !span.holds(displacement, bytes)) {
      span = reach(key, new Span(displacement, displacement + bytes));
      to.mayRetreat(operation);
      Label same = code.newLabel();
      if (loop != null) {
        compare(register, span, bytes, page(key), same);
      }
      look(buffer, register, span, addend(key));
      if (loop != null) {
        code.lload(slotLocal() + 2).loadConstant(-4096L).land().lstore(page(key));
      }
      code.labelBinding(same);
      known.put(key, span);
    }
  }

  /// Pushes the host's address, when it was found.
  void push(Operation operation, int register, long displacement) {
    code.lload(addend(key(operation)));
    to.get(register);
    code.ladd();
    if (displacement != 0) {
      code.loadConstant(displacement).ladd();
    }
  }

  /// Goes to `same` where the page is that of the access before.
  private void compare(int register, Span span, int bytes, int page, Label same) {
    boolean single = span.end - span.from == bytes;
    Label differs = code.newLabel();
    to.get(register);
    if (span.from != 0) {
      code.loadConstant(span.from).ladd();
    }
    // A single access that is aligned does not leave its page.
    code.loadConstant(single ? -4096L | bytes - 1 : -4096L).land();
    code.lload(page).lcmp();
    if (single) {
      code.ifeq(same);
    } else {
      code.ifne(differs);
      to.get(register);
      code.loadConstant(span.end - 1).ladd().loadConstant(-4096L).land();
      code.lload(page).lcmp().ifeq(same);
    }
    code.labelBinding(differs);
  }

  private int slotLocal() {
    return firstLocal;
  }

  /// The addend goes into a local variable.
  private void look(int buffer, int register, Span span, int addend) {
    Label other = code.newLabel();
    Label found = code.newLabel();
    int slot = slotLocal();
    int tag = slot + 2;
    to.get(register);
    if (span.from != 0) {
      code.loadConstant(span.from).ladd();
    }
    to.call("slot", "(J)J");
    code.lstore(slot);
    to.get(register);
    if (span.end != 1) {
      code.loadConstant(span.end - 1).ladd();
    }
    code.loadConstant(-4096L).land();
    to.fromState(TranslatedCode.CONTEXT);
    code.lor().lstore(tag);
    entry(slot, buffer);
    code.lload(tag).lcmp().ifne(other);
    entry(slot, buffer + TranslatedCode.ADDEND);
    code.goto_(found);
    code.labelBinding(other);
    entry(slot, buffer + TranslatedCode.WAY);
    code.lload(tag).lcmp().ifne(to.retreat());
    entry(slot, buffer + TranslatedCode.WAY + TranslatedCode.ADDEND);
    code.labelBinding(found);
    code.lstore(addend);
  }

  private void entry(int slot, int place) {
    code.aload(RegionWriter.STATE).lload(slot).loadConstant((long) place).ladd();
    to.host("element", "([JJ)J");
  }

  private int addend(int key) {
    return locals.computeIfAbsent(key, absent -> firstLocal + 4 + 4 * locals.size());
  }

  private int page(int key) {
    return addend(key) + 2;
  }

  /// What of the rest of the block lies near enough to be asked for at once.
  private Span reach(int key, Span first) {
    Span span = first;
    for (int i = index; !careful && i < operations.size(); i++) {
      Operation operation = operations.get(i);
      if (i > index && layout.isLeader(i)) {
        break;
      }
      if (isAccess(operation) && key(operation) == key) {
        Span wider = span.with(displacement(operation), MemoryWriter.bytes(operation));
        span = wider.end - wider.from <= SPAN_MAX ? wider : span;
      }
      if (RegisterUse.written(operation) == key % STORES) {
        break;
      }
    }
    return span;
  }

  private static boolean isAccess(Operation operation) {
    return switch (operation.encoding().group()) {
      case MEMORY, FLOAT_MEMORY -> true;
      default -> false;
    };
  }

  private static boolean isStore(Operation operation) {
    return switch (operation.encoding().operands()) {
      case S, FLOAT_STORE -> true;
      default -> false;
    };
  }

  private static int key(Operation operation) {
    return operation.rs1() + (isStore(operation) ? STORES : 0);
  }

  private static long displacement(Operation operation) {
    return isStore(operation) ? operation.immediateS() : operation.immediateI();
  }
}
