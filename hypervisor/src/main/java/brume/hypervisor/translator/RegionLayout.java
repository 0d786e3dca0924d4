package brume.hypervisor.translator;

import brume.hypervisor.cpu.Encoding;
import brume.hypervisor.cpu.RegionPlan;
import brume.hypervisor.cpu.RegionPlan.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// A region's basic blocks, in the order of their offsets.
///
/// Credit is taken for a block at its start and looked at on every edge that may close a loop:
/// those that do not lead forward. So from one look to the next at most [#longest] instructions
/// run, and a run ends exactly where the interpreter's would.
public final class RegionLayout {
  private final List<Operation> operations;

  /// Of the operations, in ascending order.
  private final int[] offsets;

  private final boolean[] leader;
  private final int[] longest;
  private final List<Integer> returnSites = new ArrayList<>();

  public RegionLayout(RegionPlan plan) {
    operations = plan.operations();
    offsets = new int[operations.size()];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = operations.get(i).offset();
    }
    leader = new boolean[operations.size()];
    longest = new int[operations.size() + 1];
    markLeaders(plan.entry());
    measurePaths();
  }

  private void markLeaders(int entry) {
    lead(entry);
    for (int i = 0; i < operations.size(); i++) {
      Operation operation = operations.get(i);
      if (i == 0 || !flowsInto(i - 1, i)) {
        leader[i] = true;
      }
      if (!operation.isJump() && !flowsInto(i, i + 1)) {
        lead(operation.behind());
      }
      lead(operation.target());
      for (int target : operation.seen()) {
        lead(target);
      }
      if (operation.isCall() && contains(operation.behind()) && leadsIn(operation)) {
        lead(operation.behind());
        returnSites.add(operation.behind());
      }
    }
  }

  /// Of the operation at an offset; negative for none.
  public int find(int offset) {
    return Arrays.binarySearch(offsets, offset);
  }

  public int index(int offset) {
    return Objects.checkIndex(find(offset), offsets.length);
  }

  private boolean leadsIn(Operation operation) {
    if (contains(operation.target())) {
      return true;
    }
    for (int target : operation.seen()) {
      if (contains(target)) {
        return true;
      }
    }
    return false;
  }

  /// Where a jump to a register may lead within the region.
  public List<Integer> targets(Operation jump) {
    if (jump.isReturn()) {
      return returnSites;
    }
    if (jump.seen().isEmpty()) {
      return List.of();
    }
    List<Integer> inside = new ArrayList<>(jump.seen().size());
    for (int target : jump.seen()) {
      if (contains(target)) {
        inside.add(target);
      }
    }
    return inside;
  }

  /// Whether a call returns to a place in a range of offsets, ends included.
  boolean isReturnedTo(int from, int to) {
    for (int site : returnSites) {
      if (from <= site && site <= to) {
        return true;
      }
    }
    return false;
  }

  private void lead(int offset) {
    int index = find(offset);
    if (index >= 0) {
      leader[index] = true;
    }
  }

  /// Whether operation `to` is the next in memory behind `from`, and reached from it by nothing but
  /// going on.
  private boolean flowsInto(int from, int to) {
    return to < operations.size()
        && operations.get(from).behind() == operations.get(to).offset()
        && operations.get(from).encoding().group() != Encoding.Group.CONTROL
        && !operations.get(from).isStep();
  }

  private void measurePaths() {
    for (int i = operations.size() - 1; i >= 0; i--) {
      Operation operation = operations.get(i);
      int most = 0;
      if (!operation.isJump()) {
        most = forward(operation, operation.behind());
      }
      most = Math.max(most, forward(operation, operation.target()));
      longest[i] = most + 1;
    }
  }

  private int forward(Operation from, int target) {
    int index = isLookedAt(from, target) ? -1 : find(target);
    return index >= 0 ? longest[index] : 0;
  }

  /// Whether the credit is looked at on the way from an operation to a target in the region.
  public static boolean isLookedAt(Operation from, int target) {
    return target <= from.offset();
  }

  public boolean contains(int offset) {
    return find(offset) >= 0;
  }

  public List<Operation> operations() {
    return operations;
  }

  public boolean isLeader(int index) {
    return leader[index];
  }

  /// How many instructions the block has that starts at `index`.
  public int blockLength(int index) {
    int end = index + 1;
    while (end < operations.size() && !leader[end]) {
      end++;
    }
    return end - index;
  }

  /// The most instructions that run from an offset on before the credit is looked at.
  public int longest(int offset) {
    return longest[index(offset)];
  }
}
