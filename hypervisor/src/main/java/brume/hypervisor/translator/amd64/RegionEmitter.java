package brume.hypervisor.translator.amd64;

import brume.hypervisor.cpu.Encoding;
import brume.hypervisor.cpu.RegionPlan;
import brume.hypervisor.cpu.RegionPlan.Operation;
import brume.hypervisor.cpu.TranslatedCode;
import brume.hypervisor.translator.RegionLayout;
import brume.hypervisor.translator.RegisterUse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/// Writes a region as machine code.
///
/// ```
/// RBX  the hart's block, behind its first 128 bytes: all integer registers are near
/// R15  credit
/// RAX, RCX, RDX, XMM0, XMM1  values on their way
/// the others  registers of the guest, as RegisterHomes says
/// ```
///
/// Outside of the region all registers of the guest are in the block. It is entered by a door that
/// reads those that have a home here; on each way out those go back that may have been written. So
/// the state is exact wherever it leaves, and nothing is stored while it stays.
final class RegionEmitter {
  static final int BLOCK = Register.RBX;
  static final int CREDIT = Register.R15;
  static final int A = Register.RAX;
  static final int C = Register.RCX;
  static final int D = Register.RDX;

  /// Where RBX points to in the block.
  static final int BIAS = 128;

  /// What the interpreter executes for a region knows its place in 16 bits.
  private static final int FAR = 28_000;

  /// Of MXCSR.
  private static final int EXCEPTIONS = 0x3f;

  private static final int[] SAVED = {
    Register.RBX, Register.RBP, Register.R12, Register.R13, Register.R14, Register.R15
  };

  final Assembler code = new Assembler();
  final RegisterHomes homes;
  final IntegerRegisters registers;
  private final RegionPlan plan;
  private final RegionLayout layout;
  private final List<Operation> operations;
  private final WrittenRegisters written;
  private final FloatOperations floats;
  private final MemoryOperations memory;
  private final PageLooks looks;
  private final Label[] labels;
  private final int[] resumes;
  private final int[] ahead;
  private final List<Stub> stubs = new ArrayList<>();
  private final Map<Tail, Label> tails = new HashMap<>();
  private int index;
  private int takenAhead;
  private int entry;
  private int wayIn;

  /// What is written behind all blocks: a way out that is seldom taken.
  private record Stub(Label label, Runnable body) {}

  /// How a way out ends: registers go back, and then it goes on.
  private record Tail(long set, Way way) {}

  private enum Way {
    /// To the machine code that the jump leads to, if the hart's jumps know it.
    ON,
    /// To the caller.
    OUT,
    /// To the caller, with the number of an operation that the interpreter is to execute.
    ASK
  }

  RegionEmitter(RegionPlan plan) {
    this.plan = plan;
    this.layout = new RegionLayout(plan);
    this.operations = layout.operations();
    this.homes = new RegisterHomes(operations);
    this.registers = new IntegerRegisters(code, homes);
    this.written = new WrittenRegisters(layout);
    this.floats = new FloatOperations(this, usesFloats(operations));
    this.looks = new PageLooks(this, layout, plan.careful(), Math.abs(plan.entry() >> 1));
    this.memory = new MemoryOperations(this, looks);
    this.labels = new Label[operations.size()];
    this.resumes = new int[operations.size()];
    this.ahead = new int[operations.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = new Label();
    }
  }

  /// (block, credit, door, where it goes on behind the door).
  static byte[] wayIn() {
    Assembler code = new Assembler();
    for (int register : SAVED) {
      code.push(register);
    }
    code.rm(true, Assembler.LEA, BLOCK, Register.RDI, BIAS);
    code.rr(false, Assembler.MOV, CREDIT, Register.RSI);
    code.move(A, Register.RCX);
    code.call(Register.RDX);
    code.rm(true, Assembler.STORE, CREDIT, BLOCK, TranslatedCode.CREDIT - BIAS);
    Label end = new Label();
    code.immediateInPlace(Assembler.N_CMP, BLOCK, TranslatedCode.RECORDING - BIAS, 0);
    code.jump(Condition.EQUAL, end);
    code.storeControl(BLOCK, TranslatedCode.RAISED - BIAS);
    code.immediateInPlace(Assembler.N_AND, BLOCK, TranslatedCode.RAISED - BIAS, EXCEPTIONS);
    code.immediateInPlace(Assembler.N_AND, BLOCK, TranslatedCode.RECORDING - BIAS, 0);
    code.bind(end);
    for (int i = SAVED.length - 1; i >= 0; i--) {
      code.pop(SAVED[i]);
    }
    code.ret();
    return code.bytes();
  }

  byte[] emit() {
    readRegisters();
    code.jumpTo(A);
    wayIn = code.size();
    emitWayIn();
    entry = code.size();
    int first = layout.index(plan.entry());
    if (first != 0) {
      code.jump(labels[first]);
    }
    for (index = 0; index < operations.size(); index++) {
      if (layout.isLeader(index)) {
        startBlock();
      }
      emitOperation();
    }
    registers.startBlock();
    // Stubs may have stubs.
    for (int i = 0; i < stubs.size(); i++) {
      Stub stub = stubs.get(i);
      code.bind(stub.label);
      stub.body.run();
    }
    tails.forEach(this::emitTail);
    return code.bytes();
  }

  int longest() {
    return layout.longest(plan.entry());
  }

  FloatOperations floats() {
    return floats;
  }

  boolean usesFloats() {
    return floats.areUsed();
  }

  int entry() {
    return entry;
  }

  int wayInAt() {
    return wayIn;
  }

  int[] resumes() {
    return resumes;
  }

  /// Of the operation at hand.
  int index() {
    return index;
  }

  int[] ahead() {
    return ahead;
  }

  /// For who jumps here: the address in RAX, its place among the jumps in RCX, all registers in the
  /// block.
  private void emitWayIn() {
    Label back = new Label();
    Label enough = new Label();
    code.immediate(false, Assembler.N_CMP, CREDIT, longest());
    code.jump(Condition.NOT_LESS, enough);
    code.bind(back);
    code.ret();
    code.bind(enough);
    if (floats.areUsed()) {
      code.immediateInPlace(Assembler.N_CMP, BLOCK, TranslatedCode.PLAIN_FLOATS - BIAS, 0);
      code.jump(Condition.EQUAL, back);
    }
    code.rm(true, Assembler.STORE, C, BLOCK, TranslatedCode.JUMP_SLOT - BIAS);
    code.immediate(true, Assembler.N_AND, A, MemoryOperations.PAGE_MASK);
    code.rm(true, Assembler.STORE, A, BLOCK, TranslatedCode.PAGE_BASE - BIAS);
    readRegisters();
  }

  private void readRegisters() {
    for (int register = 1; register < 32; register++) {
      if (homes.integer(register) != RegisterHomes.NONE) {
        code.rm(
            true, Assembler.MOV, homes.integer(register), BLOCK, IntegerRegisters.place(register));
      }
    }
    floats.emitDoor();
  }

  private void startBlock() {
    code.bind(labels[index]);
    registers.startBlock();
    floats.startBlock();
    looks.startBlock();
    takenAhead = layout.blockLength(index);
    code.immediate(false, Assembler.N_SUB, CREDIT, takenAhead);
  }

  private void emitOperation() {
    Operation operation = operations.get(index);
    takenAhead--;
    ahead[index] = takenAhead;
    switch (operation.encoding().group()) {
      case INTEGER, MULTIPLY, MEMORY -> {} // These know about lower halves.
      case CONTROL -> registers.widen(RegisterUse.ALL);
      default -> registers.widen(RegisterUse.read(operation));
    }
    switch (operation.encoding().group()) {
      case INTEGER -> IntegerOperations.emit(this, operation);
      case MULTIPLY -> MultiplyOperations.emit(this, operation);
      case ADDRESS -> AddressOperations.emit(this, operation);
      case BITS -> BitOperations.emit(this, operation);
      case CONTROL -> ControlOperations.emit(this, operation);
      case MEMORY, FLOAT_MEMORY -> memory.emit(operation);
      case SINGLE, DOUBLE, FLOAT_MOVE -> floats.emit(operation);
      case SYSTEM -> fence(operation);
      case ATOMIC -> AtomicOperations.emit(this, memory, operation);
      case CONTROL_REGISTER -> ControlRegisterOperations.emit(this, operation);
      case CACHE -> memory.emitCache(operation);
    }
    looks.forget(operation);
    resumes[index] = code.size();
    boolean last = index + 1 == operations.size();
    if (last || layout.isLeader(index + 1)) {
      registers.widen(RegisterUse.ALL);
    }
    boolean adjacent = !last && operations.get(index + 1).offset() == operation.behind();
    if (!operation.isJump() && !adjacent) {
      go(operation.behind());
    }
  }

  /// The host orders everything that RISC-V may ask for by itself, but for a store before a load.
  private void fence(Operation operation) {
    boolean afterStores = (operation.bits() >>> 24 & 1) != 0;
    boolean beforeLoads = (operation.bits() >>> 21 & 1) != 0;
    if (afterStores && beforeLoads) {
      code.lockedNothing();
    }
  }

  /// `host = address of code`.
  void codeAddress(int host, int offset) {
    code.rm(true, Assembler.MOV, host, BLOCK, TranslatedCode.PAGE_BASE - BIAS);
    if (offset != 0) {
      code.rm(true, Assembler.LEA, host, host, offset);
    }
  }

  Label stub(Runnable body) {
    Label label = new Label();
    stubs.add(new Stub(label, body));
    return label;
  }

  private void leaveBy(long set, Way way) {
    long mapped = (homes.integerSet() & 0xffff_ffffL) | ((long) homes.floatSet() << 32);
    Tail tail = new Tail(set & mapped, way);
    code.jump(tails.computeIfAbsent(tail, key -> new Label()));
  }

  private void emitTail(Tail tail, Label label) {
    code.bind(label);
    for (int register = 1; register < 32; register++) {
      if ((tail.set >>> register & 1) != 0) {
        code.rm(
            true,
            Assembler.STORE,
            homes.integer(register),
            BLOCK,
            IntegerRegisters.place(register));
      }
    }
    floats.emitTail((int) (tail.set >>> 32));
    switch (tail.way) {
      case ON -> emitJump();
      case OUT -> {}
      case ASK -> {
        code.shift(true, Assembler.N_SHL, A, 32);
        code.rr(true, Assembler.OR, CREDIT, A);
      }
    }
    code.ret();
  }

  /// To the region that starts at the address in RAX; straight on where none is known.
  private void emitJump() {
    Label unknown = new Label();
    code.rr(false, Assembler.MOV, C, A);
    code.shift(false, Assembler.N_SHR, C, TranslatedCode.JUMP_PAGE_SHIFT);
    code.rr(false, Assembler.XOR, C, A);
    code.immediate(false, Assembler.N_AND, C, TranslatedCode.JUMP_MASK);
    code.shift(false, Assembler.N_SHL, C, TranslatedCode.JUMP_SHIFT);
    int entry = TranslatedCode.JUMPS - BIAS;
    code.rx(true, Assembler.CMP, A, BLOCK, C, 0, entry);
    code.jump(Condition.NOT_EQUAL, unknown);
    code.rm(true, Assembler.MOV, D, BLOCK, TranslatedCode.JUMP_KEY - BIAS);
    code.rx(true, Assembler.CMP, D, BLOCK, C, 0, entry + TranslatedCode.ENTRY_KEY);
    code.jump(Condition.NOT_EQUAL, unknown);
    code.jumpToPlace(BLOCK, C, entry + TranslatedCode.ENTRY_WAY_IN);
    code.bind(unknown);
  }

  /// A way to have the interpreter execute the operation at hand, of which nothing must have been
  /// done yet.
  Label interpreted() {
    if (isFar()) {
      return abandoned();
    }
    long set = written.before(index);
    int number = index + 1;
    int narrow = registers.narrow();
    return stub(() -> ask(set, narrow, number));
  }

  /// The same where something else comes behind it first; all registers are in the block then, and
  /// where they live.
  Label interpreted(Runnable then) {
    if (isFar()) {
      return abandoned();
    }
    long set = written.before(index);
    int asked = index;
    int narrow = registers.narrow();
    return stub(() -> {
      ask(set, narrow, asked + 1);
      resumes[asked] = code.size();
      then.run();
    });
  }

  private boolean isFar() {
    return Math.abs(operations.get(index).offset()) >= FAR;
  }

  private void ask(long set, int narrow, int number) {
    registers.extend(narrow);
    code.constant(A, number);
    leaveBy(set, Way.ASK);
  }

  /// Leaves the region behind the operation at hand, where all registers are in the block.
  Label givenUp() {
    int number = operations.size() + index + 1;
    return stub(() -> ask(0, 0, number));
  }

  /// As [#interpreted], but not back into the middle of the block behind it: for what the code
  /// there takes for granted once it has come past here.
  Label abandoned() {
    Operation operation = operations.get(index);
    long set = written.before(index);
    int untaken = takenAhead + 1;
    int narrow = registers.narrow();
    return stub(() -> {
      registers.extend(narrow);
      code.immediate(false, Assembler.N_ADD, CREDIT, untaken);
      codeAddress(A, operation.offset() | 1);
      leaveBy(set, Way.OUT);
    });
  }

  /// What may have been written up to behind the operation at hand.
  private long writtenNow() {
    return written.before(index) | WrittenRegisters.written(operations.get(index));
  }

  /// A way out to an offset.
  Label wayOut(int target) {
    long set = writtenNow();
    boolean interpreted = plan.interpreted().contains(target);
    return stub(() -> {
      codeAddress(A, interpreted ? target | 1 : target);
      leaveBy(set, interpreted ? Way.OUT : Way.ON);
    });
  }

  /// A way out to the address in RAX.
  Label wayOutToAddress() {
    long set = writtenNow();
    return stub(() -> leaveBy(set, Way.ON));
  }

  boolean isInside(int target) {
    return layout.contains(target);
  }

  List<Integer> targets(Operation jump) {
    return List.copyOf(new TreeSet<>(layout.targets(jump)));
  }

  Label label(int offset) {
    return Objects.requireNonNull(labels[layout.index(offset)]);
  }

  /// Goes on at an offset, in the region or outside.
  void go(int target) {
    if (!layout.contains(target)) {
      code.jump(wayOut(target));
      return;
    }
    if (RegionLayout.isLookedAt(operations.get(index), target)) {
      goIfEnough(target, wayOut(target));
    } else {
      code.jump(label(target));
    }
  }

  /// Goes on at an offset in the region, if the credit lasts until the next look at it.
  void goIfEnough(int target, Label otherwise) {
    code.immediate(false, Assembler.N_CMP, CREDIT, layout.longest(target));
    code.jump(Condition.NOT_LESS, label(target));
    code.jump(otherwise);
  }

  /// Goes on at an offset if a condition holds.
  void goIf(Condition condition, int target) {
    if (!layout.contains(target)) {
      code.jump(condition, wayOut(target));
    } else if (RegionLayout.isLookedAt(operations.get(index), target)) {
      Label straight = new Label();
      code.jumpUnless(condition, straight);
      go(target);
      code.bind(straight);
    } else {
      code.jump(condition, label(target));
    }
  }

  /// Whether an encoding's operation is done in floating point.
  private static boolean usesFloats(List<Operation> operations) {
    for (Operation operation : operations) {
      if (isFloat(operation.encoding())) {
        return true;
      }
    }
    return false;
  }

  static boolean isFloat(Encoding encoding) {
    return switch (encoding.group()) {
      case FLOAT_MEMORY, SINGLE, DOUBLE, FLOAT_MOVE -> true;
      default -> false;
    };
  }
}
