package brume.hypervisor.translator;

import brume.hypervisor.cpu.Encoding;
import brume.hypervisor.cpu.RegionPlan;
import brume.hypervisor.cpu.RegionPlan.Operation;
import brume.hypervisor.cpu.TranslatedCode;
import brume.hypervisor.memory.HostMemory;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Writes one region's method. Guest registers live in its local variables; the hart's own are
/// brought up to date where a block ends, and within it before the flow can no longer go back.
///
/// A block is a row of attempts. Up to its *point*, the hart shows all that was done; behind it,
/// nothing outside of the method's variables has changed. What cannot go on (no entry in the
/// translation buffer, a result that the host cannot vouch for) retreats to the point, and the
/// interpreter does it again from there. So the many ways out need no register alive, which is what
/// the host's compiler spends its time on. A store cannot be undone: what may retreat behind one
/// moves the point first.
final class RegionWriter {
  static final ClassDesc CODE = TranslatedCode.class.describeConstable().orElseThrow();
  private static final ClassDesc HOST = HostMemory.class.describeConstable().orElseThrow();

  private static final MethodTypeDesc STEP =
      MethodTypeDesc.ofDescriptor("(Lbrume/hypervisor/cpu/Hart;III)J");

  private static final int HART_LOCAL = 1;
  static final int STATE = 2;
  private static final int CREDIT = 3;
  private static final int EXIT = 4;
  private static final int SCRATCH = 6;
  private static final int DOUBT = 8;
  static final int RESULT = 10;
  private static final int REGISTERS = 12;

  final CodeBuilder code;
  private final RegionPlan plan;
  private final RegionLayout layout;
  private final RegisterUse use;
  private final AddressTranslation addresses;
  private final Map<Integer, Label> labels = new HashMap<>();
  private final List<Retreat> retreats = new ArrayList<>();
  private final Label end;

  /// As [#end], where the interpreter has brought the credit up to date.
  private final Label left;

  private final TreeMap<Integer, InnerLoop> loops;

  /// The one that is being written, and where it goes round.
  private @Nullable InnerLoop loop;

  private Label round;

  /// What the block at hand has taken of the credit for instructions from the one at hand on.
  private int takenAhead;

  /// How many were written.
  private int written;

  private Retreat point;
  private int knownIntegers;
  private int knownFloats;
  private int staleIntegers;
  private int staleFloats;

  /// What has happened since the point: a retreat to it, a store, a change of a register.
  private boolean retreated;

  private boolean stored;
  private boolean changed;
  private boolean doubtful;

  /// Where the interpreter goes on, and the credit that the block had taken from there on.
  private record Retreat(Label label, int offset, int credit, @Nullable InnerLoop loop) {}

  RegionWriter(CodeBuilder code, RegionPlan plan, RegionLayout layout) {
    this.code = code;
    this.plan = plan;
    this.layout = layout;
    this.use = RegisterUse.of(plan.operations());
    this.end = code.newLabel();
    this.left = code.newLabel();
    this.round = end;
    this.loops = InnerLoop.in(layout, plan.entry());
    this.point = new Retreat(code.newLabel(), plan.entry(), 0, null);
    int behind =
        REGISTERS + 2 * (Integer.bitCount(use.integers()) + Integer.bitCount(use.floats()));
    this.addresses = new AddressTranslation(this, layout, behind, plan.careful());
    for (int i = 0; i < layout.operations().size(); i++) {
      if (layout.isLeader(i)) {
        labels.put(layout.operations().get(i).offset(), code.newLabel());
      }
    }
  }

  void write() {
    code.goto_(label(plan.entry()));
    for (int i = 0; i < layout.operations().size(); i++) {
      if (layout.isLeader(i)) {
        startBlock(i);
      }
      writeOperation(i);
    }
    retreats.forEach(this::leave);
    finish();
  }

  private void startBlock(int index) {
    int offset = layout.operations().get(index).offset();
    code.labelBinding(label(offset));
    if (loop == null) {
      enterLoop(offset);
    }
    takenAhead = layout.blockLength(index);
    code.iinc(CREDIT, -takenAhead);
    addresses.startBlock();
    knownIntegers = loop == null ? 0 : loop.registers();
    knownFloats = 0;
    movePoint(offset);
  }

  private void writeOperation(int index) {
    List<Operation> operations = layout.operations();
    Operation operation = operations.get(index);
    written = index;
    addresses.at(index);
    boolean control = operation.encoding().group() == Encoding.Group.CONTROL;
    if (control) {
      commit();
    }
    InstructionWriter.write(this, operation);
    takenAhead--;
    boolean last = index + 1 == operations.size();
    if (!control && (last || layout.isLeader(index + 1))) {
      commit();
    }
    boolean adjacent = !last && operations.get(index + 1).offset() == operation.behind();
    if (!operation.isJump()) {
      if (!adjacent) {
        go(operation, operation.behind());
      } else if (loop != null && operation.offset() == loop.tail()) {
        writeBack(loop);
      }
    }
    if (loop != null && operation.offset() == loop.tail()) {
      loop = null;
      addresses.endLoop();
    }
  }

  private void enterLoop(int offset) {
    InnerLoop entered = loops.get(offset);
    if (entered == null) {
      return;
    }
    loop = entered;
    knownIntegers = 0;
    eachRegister(
        entered.registers(),
        register -> {
          get(register);
          code.pop2();
        });
    addresses.startLoop(entered);
    round = code.newBoundLabel();
  }

  private void writeBack(InnerLoop left) {
    eachRegister(
        left.written(),
        register -> toState(TranslatedCode.X + 8 * register, () -> code.lload(local(register))));
  }

  private Label label(int offset) {
    return java.util.Objects.requireNonNull(labels.get(offset));
  }

  /// Pushes a part of the hart's block.
  void fromState(int place) {
    code.aload(STATE).loadConstant((long) place);
    host("element", "([JJ)J");
  }

  /// Pops a long into a part of the hart's block.
  private void toState(int place, Runnable value) {
    code.aload(STATE).loadConstant((long) place);
    value.run();
    host("setElement", "([JJJ)V");
  }

  private static void eachRegister(int set, java.util.function.IntConsumer action) {
    for (int rest = set; rest != 0; rest &= rest - 1) {
      action.accept(Integer.numberOfTrailingZeros(rest));
    }
  }

  private void leave(Retreat retreat) {
    code.labelBinding(retreat.label);
    if (retreat.loop != null) {
      writeBack(retreat.loop);
    }
    codeAddress(retreat.offset);
    code.loadConstant(1L).lor().lstore(EXIT);
    code.iinc(CREDIT, retreat.credit).goto_(end);
  }

  private void finish() {
    code.labelBinding(end);
    toState(TranslatedCode.CREDIT, () -> code.iload(CREDIT).i2l());
    code.labelBinding(left);
    code.lload(EXIT).lreturn();
  }

  private int local(int register) {
    return REGISTERS + 2 * Integer.bitCount(use.integers() & ((1 << register) - 1));
  }

  private int floatLocal(int register) {
    int below = Integer.bitCount(use.floats() & ((1 << register) - 1));
    return REGISTERS + 2 * (Integer.bitCount(use.integers()) + below);
  }

  /// Pushes an integer register.
  void get(int register) {
    if (register == 0) {
      code.lconst_0();
    } else {
      if ((knownIntegers >>> register & 1) == 0) {
        fromState(TranslatedCode.X + 8 * register);
        code.lstore(local(register));
        knownIntegers |= 1 << register;
      }
      code.lload(local(register));
    }
  }

  /// Pops the value of an integer register.
  void set(int register) {
    if (register == 0) {
      code.pop2();
    } else {
      code.lstore(local(register));
      knownIntegers |= 1 << register;
      if (loop == null) {
        staleIntegers |= 1 << register;
      }
      changed = true;
      addresses.forget(register);
    }
  }

  void getFloat(int register) {
    if ((knownFloats >>> register & 1) == 0) {
      fromState(TranslatedCode.F + 8 * register);
      call(Double.class, "longBitsToDouble", "(J)D");
      code.dstore(floatLocal(register));
      knownFloats |= 1 << register;
    }
    code.dload(floatLocal(register));
  }

  void setFloat(int register) {
    code.dstore(floatLocal(register));
    knownFloats |= 1 << register;
    staleFloats |= 1 << register;
  }

  /// Calls one of [TranslatedCode]'s own methods.
  void call(String name, String type) {
    code.invokestatic(CODE, name, MethodTypeDesc.ofDescriptor(type));
  }

  void call(Class<?> owner, String name, String type) {
    code.invokestatic(
        owner.describeConstable().orElseThrow(), name, MethodTypeDesc.ofDescriptor(type));
  }

  void pushHart() {
    code.aload(HART_LOCAL);
  }

  private void movePoint(int offset) {
    point = new Retreat(code.newLabel(), offset, takenAhead, loop);
    retreated = false;
    stored = false;
    changed = false;
  }

  /// Must stand before anything of an operation that may [#retreat].
  void mayRetreat(Operation operation) {
    if (stored || (loop != null && changed)) {
      commit();
      movePoint(operation.offset());
    }
  }

  /// Lets the interpreter execute an operation, which is the last of its block.
  void step(Operation operation) {
    commit();
    code.aload(0).aload(HART_LOCAL).loadConstant(written).iload(CREDIT).iconst_0();
    code.invokevirtual(CODE, "step", STEP);
    code.lstore(EXIT).lload(EXIT).loadConstant(TranslatedCode.GOES_ON).lcmp().ifne(left);
  }

  /// Where to jump when this attempt can't go on.
  Label retreat() {
    if (!retreated) {
      retreats.add(point);
      retreated = true;
    }
    return point.label;
  }

  /// Pops what is negative if a result must not be trusted.
  void doubt() {
    if (doubtful) {
      code.lload(DOUBT).lor();
    }
    code.lstore(DOUBT);
    doubtful = true;
  }

  /// Must stand before what cannot be undone.
  private void settle() {
    if (doubtful) {
      code.lload(DOUBT).lconst_0().lcmp().iflt(retreat());
      doubtful = false;
    }
  }

  /// Brings the hart's registers up to date.
  void commit() {
    settle();
    eachRegister(
        staleIntegers,
        register -> {
          toState(TranslatedCode.X + 8 * register, () -> code.lload(local(register)));
        });
    eachRegister(
        staleFloats,
        register -> {
          toState(
              TranslatedCode.F + 8 * register,
              () -> {
                code.dload(floatLocal(register));
                call(Double.class, "doubleToRawLongBits", "(D)J");
              });
        });
    staleIntegers = 0;
    staleFloats = 0;
  }

  /// Pushes the host's address for a load of `bytes`.
  void loadAddress(Operation operation, int register, long displacement) {
    addresses.find(operation, TranslatedCode.LOADS, register, displacement);
    addresses.push(operation, register, displacement);
  }

  /// As [#loadAddress], for a store; the store must follow.
  void storeAddress(Operation operation, int register, long displacement) {
    addresses.find(operation, TranslatedCode.STORES, register, displacement);
    settle();
    stored = true;
    addresses.push(operation, register, displacement);
  }

  /// Calls one of [HostMemory]'s own methods.
  void host(String name, String type) {
    code.invokestatic(HOST, name, MethodTypeDesc.ofDescriptor(type));
  }

  /// Pushes an address of code.
  void codeAddress(int offset) {
    fromState(TranslatedCode.PAGE_BASE);
    code.loadConstant((long) offset).ladd();
  }

  /// Goes to an offset, in the region or out of it.
  void go(Operation from, int target) {
    boolean leaves = loop != null && !(loop.contains(target) && layout.contains(target));
    if (leaves) {
      writeBack(java.util.Objects.requireNonNull(loop));
    }
    if (layout.contains(target)) {
      if (RegionLayout.isLookedAt(from, target)) {
        Label enough = code.newLabel();
        code.iload(CREDIT).loadConstant(layout.longest(target));
        code.branch(Opcode.IF_ICMPGE, enough);
        if (loop != null && !leaves) {
          writeBack(loop);
        }
        exit(target);
        code.labelBinding(enough);
      }
      boolean again = loop != null && target == loop.head();
      code.goto_(again ? round : label(target));
    } else {
      exit(target);
    }
  }

  private void exit(int target) {
    codeAddress(target);
    if (plan.interpreted().contains(target)) {
      code.loadConstant(1L).lor();
    }
    code.lstore(EXIT).goto_(end);
  }

  /// Pops an address of code and goes there; within the region, if it is one of those that the jump
  /// is known to lead to.
  void goToAddress(Operation from) {
    code.lstore(EXIT);
    List<Integer> targets = layout.targets(from).stream().distinct().sorted().toList();
    if (targets.isEmpty()) {
      code.goto_(end);
      return;
    }
    code.lload(EXIT);
    fromState(TranslatedCode.PAGE_BASE);
    code.lsub().lstore(SCRATCH);
    code.lload(SCRATCH).lload(SCRATCH).l2i().i2l().lcmp().ifne(end);
    Map<Integer, Label> ways = new HashMap<>();
    List<SwitchCase> cases = new ArrayList<>();
    for (int target : targets) {
      Label way = code.newLabel();
      ways.put(target, way);
      cases.add(SwitchCase.of(target, way));
    }
    code.lload(SCRATCH).l2i().lookupswitch(end, cases);
    ways.forEach((target, way) -> {
      code.labelBinding(way);
      code.iload(CREDIT).loadConstant(layout.longest(target));
      code.branch(Opcode.IF_ICMPLT, end);
      code.goto_(label(target));
    });
  }
}
