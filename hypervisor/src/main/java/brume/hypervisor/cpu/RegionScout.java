package brume.hypervisor.cpu;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Finds the code that belongs together with a place: what is decoded already and can be reached
/// from there by jumps whose targets are known, calls among them, breadth first and up to a size.
/// Runs on the hart's thread, as it looks at the hart's decoded code and address space, and under
/// the group's lock, so that no page changes in between.
final class RegionScout {
  private static final int OPERATIONS_MAX = 120;
  private static final int OTHER_PAGES_MAX = 3;

  private final Hart hart;
  private final CodePage home;
  private final int entry;
  private final Map<Integer, @Nullable CodePage> pages = new HashMap<>();
  private final TreeMap<Integer, RegionPlan.Operation> found = new TreeMap<>();
  private final Set<Integer> interpreted = new HashSet<>();
  private final ArrayDeque<Integer> open = new ArrayDeque<>();

  private final boolean careful;

  RegionScout(Hart hart, CodePage home, int entry, boolean careful) {
    this.hart = hart;
    this.home = home;
    this.entry = entry;
    this.careful = careful;
    pages.put(0, home);
  }

  RegionPlan plan() {
    open.add(entry);
    while (!open.isEmpty() && found.size() < OPERATIONS_MAX) {
      follow(open.poll());
    }
    if (!found.containsKey(entry)) {
      found.clear();
    }
    RegionPlan all = new RegionPlan(entry, List.copyOf(found.values()), interpreted, careful);
    RegionPlan loop = new LoopFinder(all).loop();
    if (loop.operations().size() < all.operations().size()) {
      found.clear();
      loop.operations().forEach(operation -> found.put(operation.offset(), operation));
    }
    return loop;
  }

  Head.Footprint footprint() {
    CodePage[] others = new CodePage[pages.size()];
    int[] distances = new int[others.length];
    int[] versions = new int[others.length];
    int count = 0;
    for (Map.Entry<Integer, @Nullable CodePage> entry : pages.entrySet()) {
      int distance = entry.getKey();
      CodePage page = entry.getValue();
      if (distance != 0 && page != null && isUsed(distance)) {
        others[count] = page;
        distances[count] = distance;
        versions[count++] = page.version;
      }
    }
    return new Head.Footprint(
        home,
        home.version,
        Arrays.copyOf(others, count),
        Arrays.copyOf(distances, count),
        Arrays.copyOf(versions, count));
  }

  private boolean isUsed(int distance) {
    int from = distance * CodePage.BYTES;
    Integer offset = found.ceilingKey(from);
    return offset != null && offset < from + CodePage.BYTES;
  }

  /// Straight on from `start` until the flow leaves, or meets what is found already.
  private void follow(int start) {
    RegionPlan.@Nullable Operation before = null;
    int offset = start;
    while (!found.containsKey(offset) && found.size() < OPERATIONS_MAX) {
      Instruction instruction = decodedAt(offset);
      if (instruction == null) {
        return;
      }
      Encoding encoding = translatable(instruction, offset);
      if (encoding == null) {
        leaveTo(instruction, offset);
        return;
      }
      RegionPlan.Operation operation = operation(instruction, offset, encoding, before);
      found.put(offset, operation);
      if (encoding.group() == Encoding.Group.CONTROL && !followJump(operation, instruction)) {
        return;
      }
      before = operation;
      offset = operation.behind();
    }
  }

  private static @Nullable Encoding translatable(Instruction instruction, int offset) {
    if (instruction.length == 0 || instruction instanceof Steps.CrossPage) {
      return null;
    }
    int bits = Decoder.expanded(instruction.raw);
    Encoding encoding = Decoder.encoding(bits);
    if (encoding == null || !encoding.isTranslatable(bits)) {
      return null;
    }
    // What the interpreter executes knows its place in 16 bits.
    boolean far = Math.abs(offset) >= Short.MAX_VALUE - CodePage.BYTES;
    return far && encoding.isStep(bits) ? null : encoding;
  }

  /// The interpreter executes this one; behind it there may be more for the translator.
  private void leaveTo(Instruction instruction, int offset) {
    interpreted.add(offset);
    Instruction next = instruction.next;
    boolean straight = !(instruction instanceof Leaving) && instruction.length > 0;
    int behind = instruction.offset + instruction.length;
    if (straight && behind < CodePage.BYTES && next.offset == behind && next.length > 0) {
      CodePage page = page(Math.floorDiv(offset, CodePage.BYTES));
      if (page != null && page.at(behind) != null) {
        instruction.next = hart.group.enter(page, behind);
      }
    }
  }

  private RegionPlan.Operation operation(
      Instruction instruction,
      int offset,
      Encoding encoding,
      RegionPlan.@Nullable Operation before) {
    int bits = Decoder.expanded(instruction.raw);
    int target =
        switch (encoding) {
          case JAL -> offset + Instruction.immediateJ(bits);
          case BEQ, BNE, BLT, BGE, BLTU, BGEU -> offset + Instruction.immediateB(bits);
          case JALR -> far(bits, before);
          default -> RegionPlan.NOWHERE;
        };
    List<Integer> seen = List.of();
    if (target == RegionPlan.NOWHERE && instruction instanceof ControlInstructions.Jalr jump) {
      int page = offset & -CodePage.BYTES;
      seen = new ArrayList<>();
      for (int distance : jump.seen()) {
        seen.add(page + distance);
      }
    }
    return new RegionPlan.Operation(offset, instruction.length, bits, encoding, target, seen);
  }

  /// `auipc` and `jalr` together are a jump to a known place.
  private static int far(int bits, RegionPlan.@Nullable Operation before) {
    if (before == null
        || before.encoding() != Encoding.AUIPC
        || (before.bits() >>> 7 & 31) != Instruction.rs1(bits)) {
      return RegionPlan.NOWHERE;
    }
    return before.offset() + (before.bits() & 0xffff_f000) + Instruction.immediateI(bits) & ~1;
  }

  /// True if the flow may go straight on.
  private boolean followJump(RegionPlan.Operation operation, Instruction instruction) {
    if (instruction instanceof ControlInstructions.Branch branch) {
      if (branch.seenTaken()) {
        open.add(operation.target());
      }
      return true;
    }
    boolean known = false;
    List<Integer> targets =
        operation.target() != RegionPlan.NOWHERE ? List.of(operation.target()) : operation.seen();
    for (int target : targets) {
      if (decodedAt(target) != null) {
        open.add(target);
        known = true;
      }
    }
    if (known && operation.isCall()) {
      open.add(operation.behind());
    }
    return false;
  }

  /// The instruction at an offset from the home page, if it was executed or nearly so.
  private @Nullable Instruction decodedAt(int offset) {
    CodePage page = page(Math.floorDiv(offset, CodePage.BYTES));
    if (page == null) {
      return null;
    }
    Instruction known = page.at(Math.floorMod(offset, CodePage.BYTES));
    return known == null ? null : known.plain();
  }

  private @Nullable CodePage page(int distance) {
    if (!pages.containsKey(distance)) {
      if (pages.size() > OTHER_PAGES_MAX) {
        return null;
      }
      CodePage other = hart.cachedPage(hart.pageBase + (long) distance * CodePage.BYTES);
      if (other == null) {
        return null;
      }
      pages.put(distance, other);
    }
    return pages.get(distance);
  }
}
