package brume.hypervisor.translator.amd64;

import static brume.hypervisor.translator.amd64.RegionEmitter.A;
import static brume.hypervisor.translator.amd64.RegionEmitter.BIAS;
import static brume.hypervisor.translator.amd64.RegionEmitter.BLOCK;
import static brume.hypervisor.translator.amd64.RegionEmitter.C;
import static brume.hypervisor.translator.amd64.RegionEmitter.D;

import brume.hypervisor.cpu.RegionPlan.Operation;
import brume.hypervisor.cpu.TranslatedCode;
import brume.hypervisor.translator.RegionLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// From guest addresses to the host's, by the hart's translation buffers. One look serves all
/// accesses of a block that are near each other by the same base register: it asks for the first
/// byte and the last one of all of them, which must lie in one page.
///
/// If the look finds nothing, the interpreter executes that first access, and a second look
/// follows. Where that finds nothing either, such as at the edge of a page, the region is left; one
/// that is left so too often is translated once more, each access with a look of its own.
final class PageLooks {
  /// Farther apart, and accesses would often lie in two pages.
  private static final int SPAN_MAX = 256;

  private static final int STORES = 32;
  private static final int KEYS = 64;

  private final RegionEmitter to;
  private final Assembler code;
  private final RegionLayout layout;
  private final List<Operation> operations;
  private final boolean careful;

  /// By base register and kind: what is known in the block at hand.
  private final @Nullable Span[] known = new Span[KEYS];

  private int slots;
  private int sites;
  private @Nullable Label behind;

  /// Displacements from a base register, the end exclusive.
  ///
  /// @param slot where in the hart's block the addend is
  private record Span(int from, int end, int slot) {
    boolean holds(int displacement, int bytes) {
      return from <= displacement && displacement + bytes <= end;
    }

    Span with(int displacement, int bytes) {
      return new Span(Math.min(from, displacement), Math.max(end, displacement + bytes), slot);
    }
  }

  /// @param careful whether each access must look for itself
  PageLooks(RegionEmitter to, RegionLayout layout, boolean careful, int firstSite) {
    this.to = to;
    this.code = to.code;
    this.layout = layout;
    this.operations = layout.operations();
    this.careful = careful;
    this.sites = firstSite;
  }

  void startBlock() {
    java.util.Arrays.fill(known, null);
    slots = 0;
  }

  /// Base registers that an operation writes have another value from here on.
  void forget(Operation operation) {
    for (int written = (int) WrittenRegisters.written(operation) & ~1; written != 0; ) {
      int register = Integer.numberOfTrailingZeros(written);
      known[register] = null;
      known[register + STORES] = null;
      written &= written - 1;
    }
  }

  /// RDX, `base` and the displacement together are the host's address for an access. [#done] must
  /// follow it.
  void find(Operation operation, int base, int displacement, int bytes) {
    int key = key(operation);
    Span span = known[key];
    if (span != null && span.holds(displacement, bytes)) {
      code.rm(true, Assembler.MOV, D, BLOCK, span.slot);
      return;
    }
    boolean site = isSite(operation);
    Span alone = new Span(displacement, displacement + bytes, site ? nextSite() : slot());
    span = careful || slots == TranslatedCode.ADDENDS_MAX ? alone : reach(key, alone);
    if (span.equals(alone)) {
      look(key, base, span, site, false, to.interpreted());
      return;
    }
    slots++;
    known[key] = span;
    behind = new Label();
    look(key, base, span, site, true, to.interpreted(again(operation, span, site)));
  }

  private int slot() {
    return TranslatedCode.ADDENDS + Long.BYTES * slots - BIAS;
  }

  /// Loads in loops find the same page again and again; those that follow a list do not.
  private boolean isSite(Operation operation) {
    return !isStore(operation) && to.homes.isInLoop(to.index()) && !followsList(operation);
  }

  /// Whether a load finds its own next address.
  private boolean followsList(Operation operation) {
    if (operation.rd() != operation.rs1()) {
      return false;
    }
    for (int i = to.index(); !layout.isLeader(i); i--) {
      if ((WrittenRegisters.written(operations.get(i - 1)) >>> operation.rs1() & 1) != 0) {
        return false;
      }
    }
    return true;
  }

  private int nextSite() {
    int site = sites++ % TranslatedCode.SITES_MAX;
    return TranslatedCode.SITES + TranslatedCode.SITE_BYTES * site + TranslatedCode.ADDEND - BIAS;
  }

  /// Behind the access.
  void done() {
    if (behind != null) {
      code.bind(behind);
      behind = null;
    }
  }

  /// What follows when the interpreter has executed the first access of a span.
  private Runnable again(Operation operation, Span span, boolean site) {
    Label next = java.util.Objects.requireNonNull(behind);
    Label nothing = to.givenUp();
    return () -> {
      look(key(operation), to.registers.use(operation.rs1(), A), span, site, true, nothing);
      code.jump(next);
    };
  }

  /// As the other; what it finds is kept where the span says.
  private void look(int key, int base, Span span, boolean site, boolean shared, Label unknown) {
    int buffer = key < STORES ? TranslatedCode.LOADS : TranslatedCode.STORES;
    int bytes = span.end - span.from;
    if (!site) {
      look(buffer, base, span.from, bytes, unknown);
      if (shared) {
        code.rm(true, Assembler.STORE, D, BLOCK, span.slot);
      }
      return;
    }
    int tag = span.slot - TranslatedCode.ADDEND;
    tag(base, span.end - 1);
    code.rm(true, Assembler.CMP, D, BLOCK, tag);
    Label found = new Label();
    Label other =
        to.stub(() -> {
          lookFor(buffer, base, span.from, C, unknown);
          code.rm(true, Assembler.STORE, D, BLOCK, tag);
          code.rm(true, Assembler.STORE, C, BLOCK, span.slot);
          code.jump(found);
        });
    code.jump(Condition.NOT_EQUAL, other);
    if (bytes > 1) {
      mayCross(base, span.from, bytes, shared, other);
    }
    code.bind(found);
    code.rm(true, Assembler.MOV, D, BLOCK, span.slot);
  }

  /// The tag is that of the last byte. The first one may lie in the page before; what is aligned
  /// surely does not.
  private void mayCross(int base, int displacement, int bytes, boolean shared, Label otherwise) {
    if (!shared && displacement % bytes == 0) {
      code.testByte(base, bytes - 1);
      code.jump(Condition.NOT_EQUAL, otherwise);
      return;
    }
    code.rm(false, Assembler.LEA, C, base, displacement);
    code.immediate(false, Assembler.N_AND, C, ~MemoryOperations.PAGE_MASK);
    code.immediate(false, Assembler.N_CMP, C, -MemoryOperations.PAGE_MASK - bytes);
    code.jump(Condition.ABOVE, otherwise);
  }

  /// The addend goes into RDX, and nothing but RCX is lost.
  void look(int buffer, int base, int displacement, int bytes, Label unknown) {
    tag(base, displacement + bytes - 1);
    lookFor(buffer, base, displacement, D, unknown);
  }

  /// In RDX what the buffer calls the page of an address.
  private void tag(int base, int displacement) {
    if (displacement == 0) {
      code.move(D, base);
    } else {
      code.rm(true, Assembler.LEA, D, base, displacement);
    }
    code.immediate(true, Assembler.N_AND, D, MemoryOperations.PAGE_MASK);
    code.rm(true, Assembler.OR, D, BLOCK, TranslatedCode.CONTEXT - BIAS);
  }

  /// For the tag in RDX, by either way of the set.
  private void lookFor(int buffer, int base, int displacement, int addend, Label unknown) {
    if (displacement == 0) {
      code.rr(false, Assembler.MOV, C, base);
    } else {
      code.rm(false, Assembler.LEA, C, base, displacement);
    }
    code.shift(false, Assembler.N_SHR, C, TranslatedCode.SLOT_SHIFT);
    code.immediate(false, Assembler.N_AND, C, TranslatedCode.SLOT_MASK);
    int first = buffer - BIAS;
    int second = first + TranslatedCode.WAY;
    Label found = new Label();
    code.rx(true, Assembler.CMP, D, BLOCK, C, 0, first);
    code.jump(
        Condition.NOT_EQUAL,
        to.stub(() -> {
          code.rx(true, Assembler.CMP, D, BLOCK, C, 0, second);
          code.jump(Condition.NOT_EQUAL, unknown);
          code.rx(true, Assembler.MOV, addend, BLOCK, C, 0, second + TranslatedCode.ADDEND);
          code.jump(found);
        }));
    code.rx(true, Assembler.MOV, addend, BLOCK, C, 0, first + TranslatedCode.ADDEND);
    code.bind(found);
  }

  /// What of the rest of the block lies near enough to be asked for at once.
  private Span reach(int key, Span first) {
    Span span = first;
    for (int i = to.index(); i < operations.size(); i++) {
      Operation operation = operations.get(i);
      if (i > to.index() && layout.isLeader(i)) {
        break;
      }
      if (isAccess(operation) && key(operation) == key) {
        Span wider = span.with(displacement(operation), bytes(operation));
        span = wider.end - wider.from <= SPAN_MAX ? wider : span;
      }
      if ((WrittenRegisters.written(operation) >>> (key % STORES) & 1) != 0) {
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

  static int bytes(Operation operation) {
    return 1 << (operation.bits() >>> 12 & 3);
  }

  static int displacement(Operation operation) {
    return (int) (isStore(operation) ? operation.immediateS() : operation.immediateI());
  }
}
