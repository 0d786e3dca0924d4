package brume.hypervisor.translator;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import brume.hypervisor.cpu.Hart;
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

/// Writes one region's method. Guest registers live in its local variables; what is written to an
/// integer register goes to the hart at once too, so that the many ways out need not write it back:
/// to keep every register alive up to every exit took most of the host compiler's time. The
/// floating-point registers are written back where all exits meet. An instruction that cannot go on
/// throws, and the one handler finds in the variable `at` where that was and how much credit its
/// block had taken in advance.
final class RegionWriter {
  static final ClassDesc CODE = TranslatedCode.class.describeConstable().orElseThrow();
  private static final ClassDesc HART = Hart.class.describeConstable().orElseThrow();
  private static final ClassDesc HOST = HostMemory.class.describeConstable().orElseThrow();
  private static final ClassDesc LEAVE =
      TranslatedCode.Leave.class.describeConstable().orElseThrow();
  private static final ClassDesc LONGS = CD_long.arrayType();

  private static final int HART_LOCAL = 1;
  private static final int LOADS = 2;
  private static final int STORES = 3;
  private static final int CONTEXT = 4;
  private static final int BASE = 6;
  private static final int CREDIT = 8;
  private static final int AT = 9;
  private static final int EXIT = 11;
  private static final int ADDRESS = 13;
  private static final int X = 15;
  private static final int REGISTERS = 16;
  private static final int CREDIT_BITS = 10;

  final CodeBuilder code;
  private final RegionPlan plan;
  private final RegionLayout layout;
  private final RegisterUse use;
  private final Map<Integer, Label> labels = new HashMap<>();
  private final Label end;
  private final PageMemory pages;

  /// What the block at hand has taken of the credit for instructions from the one at hand on.
  private int takenAhead;

  RegionWriter(CodeBuilder code, RegionPlan plan, RegionLayout layout) {
    this.code = code;
    this.plan = plan;
    this.layout = layout;
    this.use = RegisterUse.of(plan.operations());
    this.end = code.newLabel();
    int behind =
        REGISTERS + 2 * (Integer.bitCount(use.integers()) + Integer.bitCount(use.floats()));
    this.pages = new PageMemory(plan.operations(), behind);
    for (int i = 0; i < layout.operations().size(); i++) {
      if (layout.isLeader(i)) {
        labels.put(layout.operations().get(i).offset(), code.newLabel());
      }
    }
  }

  void write() {
    enter();
    Label start = code.newBoundLabel();
    code.goto_(label(plan.entry()));
    List<Operation> operations = layout.operations();
    for (int i = 0; i < operations.size(); i++) {
      Operation operation = operations.get(i);
      if (layout.isLeader(i)) {
        code.labelBinding(label(operation.offset()));
        takenAhead = layout.blockLength(i);
        code.iinc(CREDIT, -takenAhead);
      }
      InstructionWriter.write(this, operation);
      takenAhead--;
      boolean adjacent =
          i + 1 < operations.size() && operations.get(i + 1).offset() == operation.behind();
      if (!operation.isJump() && !adjacent) {
        go(operation, operation.behind());
      }
    }
    Label handler = code.newBoundLabel();
    leave();
    code.exceptionCatch(start, handler, handler, LEAVE);
    finish();
  }

  private Label label(int offset) {
    return java.util.Objects.requireNonNull(labels.get(offset));
  }

  private void enter() {
    fromHart("loads", LONGS).astore(LOADS);
    fromHart("stores", LONGS).astore(STORES);
    fromHart("context", CD_long).lstore(CONTEXT);
    fromHart("pageBase", CD_long).lstore(BASE);
    fromHart("credit", CD_int).istore(CREDIT);
    code.lconst_0().lstore(AT).lconst_0().lstore(EXIT);
    for (int page : pages.locals()) {
      code.loadConstant(TranslatedCode.NO_PAGE).lstore(page).lconst_0().lstore(page + 2);
    }
    fromHart("registers", LONGS).astore(X);
    eachRegister(
        use.integers(),
        register -> {
          element("registers", register);
          code.lstore(local(register));
        });
    eachRegister(
        use.floats(),
        register -> {
          element("floatRegisters", register);
          call(Double.class, "longBitsToDouble", "(J)D");
          code.dstore(floatLocal(register));
        });
  }

  private void element(String array, int register) {
    fromHart(array, LONGS);
    code.loadConstant(HostMemory.indexOffset(register));
    code.invokestatic(HOST, "element", MethodTypeDesc.of(CD_long, LONGS, CD_int));
  }

  private void setElement(String array, int register, Runnable value) {
    fromHart(array, LONGS);
    code.loadConstant(HostMemory.indexOffset(register));
    value.run();
    code.invokestatic(HOST, "setElement", MethodTypeDesc.of(CD_void, LONGS, CD_int, CD_long));
  }

  private CodeBuilder fromHart(String what, ClassDesc type) {
    return code.aload(HART_LOCAL).invokestatic(CODE, what, MethodTypeDesc.of(type, HART));
  }

  private static void eachRegister(int set, java.util.function.IntConsumer action) {
    for (int rest = set; rest != 0; rest &= rest - 1) {
      action.accept(Integer.numberOfTrailingZeros(rest));
    }
  }

  /// The handler of what an instruction could not do.
  private void leave() {
    code.pop();
    code.lload(BASE).lload(AT).loadConstant(CREDIT_BITS).lshr().ladd();
    code.loadConstant(1L).lor().lstore(EXIT);
    code.iload(CREDIT).lload(AT).l2i().loadConstant((1 << CREDIT_BITS) - 1).iand().iadd();
    code.istore(CREDIT);
  }

  private void finish() {
    code.labelBinding(end);
    eachRegister(
        use.floatsWritten(),
        register ->
            setElement(
                "floatRegisters",
                register,
                () -> {
                  code.dload(floatLocal(register));
                  call(Double.class, "doubleToRawLongBits", "(D)J");
                }));
    code.aload(HART_LOCAL).iload(CREDIT);
    code.invokestatic(CODE, "setCredit", MethodTypeDesc.of(CD_void, HART, CD_int));
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
      code.lload(local(register));
    }
  }

  /// Pops the value of an integer register.
  void set(int register) {
    if (register == 0) {
      code.pop2();
    } else {
      code.dup2().lstore(local(register));
      code.aload(X).loadConstant(HostMemory.indexOffset(register));
      call("put", "(J[JI)V");
    }
  }

  void getFloat(int register) {
    code.dload(floatLocal(register));
  }

  void setFloat(int register) {
    code.dstore(floatLocal(register));
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

  /// Says which instruction the next call belongs to, as it may throw.
  void mayLeave(Operation operation) {
    code.loadConstant((long) operation.offset() << CREDIT_BITS | takenAhead).lstore(AT);
  }

  /// Pushes the host's address for a load of `bytes`.
  void loadAddress(Operation operation, int register, long displacement, int bytes) {
    hostAddress(operation, LOADS, register, displacement, bytes);
  }

  void storeAddress(Operation operation, int register, long displacement, int bytes) {
    hostAddress(operation, STORES, register, displacement, bytes);
  }

  private void hostAddress(
      Operation operation, int buffer, int register, long displacement, int bytes) {
    mayLeave(operation);
    get(register);
    if (displacement != 0) {
      code.loadConstant(displacement).ladd();
    }
    code.lstore(ADDRESS);
    code.aload(buffer).lload(CONTEXT).lload(ADDRESS).lload(ADDRESS);
    if (bytes > 1) {
      code.loadConstant(bytes - 1L).ladd();
    }
    int page = pages.local(register, buffer == STORES);
    if (page == PageMemory.NONE) {
      call("addend", "([JJJJ)J");
    } else {
      code.lload(page).lload(page + 2).loadConstant(-4096L | bytes - 1);
      call("addend", "([JJJJJJJ)J");
      code.dup2().lstore(page + 2).lload(ADDRESS).loadConstant(-4096L).land().lstore(page);
    }
    code.lload(ADDRESS).ladd();
  }

  /// Calls one of [HostMemory]'s own methods.
  void host(String name, String type) {
    code.invokestatic(HOST, name, MethodTypeDesc.ofDescriptor(type));
  }

  /// Pushes an address of code.
  void codeAddress(int offset) {
    code.lload(BASE).loadConstant((long) offset).ladd();
  }

  /// Goes to an offset, in the region or out of it.
  void go(Operation from, int target) {
    if (layout.contains(target)) {
      if (RegionLayout.isLookedAt(from, target)) {
        Label enough = code.newLabel();
        code.iload(CREDIT).loadConstant(layout.longest(target));
        code.branch(Opcode.IF_ICMPGE, enough);
        exit(target);
        code.labelBinding(enough);
      }
      code.goto_(label(target));
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
    code.lload(EXIT).lload(BASE).lsub().lstore(ADDRESS);
    code.lload(ADDRESS).lload(ADDRESS).l2i().i2l().lcmp().ifne(end);
    Map<Integer, Label> ways = new HashMap<>();
    List<SwitchCase> cases = new ArrayList<>();
    for (int target : targets) {
      Label way = code.newLabel();
      ways.put(target, way);
      cases.add(SwitchCase.of(target, way));
    }
    code.lload(ADDRESS).l2i().lookupswitch(end, cases);
    ways.forEach((target, way) -> {
      code.labelBinding(way);
      code.iload(CREDIT).loadConstant(layout.longest(target));
      code.branch(Opcode.IF_ICMPLT, end);
      code.goto_(label(target));
    });
  }
}
