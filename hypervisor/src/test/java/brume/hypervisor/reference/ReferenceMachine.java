package brume.hypervisor.reference;

/// The reference as a [Machine].
final class ReferenceMachine implements Machine {
  final ReferenceMemory memory = new ReferenceMemory(BASE, RAM_BYTES);
  private long time;
  ReferenceHart hart = new ReferenceHart(0, memory, () -> time);

  ReferenceMachine() {
    hart.start(BASE);
  }

  @Override
  public long load(long address, int bytes) {
    return memory.load(address, bytes);
  }

  @Override
  public void store(long address, int bytes, long value) {
    memory.store(address, bytes, value);
  }

  @Override
  public void write(long address, byte[] code) {
    System.arraycopy(code, 0, memory.bytes(), Math.toIntExact(address - BASE), code.length);
  }

  @Override
  public byte[] ram() {
    return memory.bytes();
  }

  @Override
  public long x(int register) {
    return hart.x(register);
  }

  @Override
  public void setX(int register, long value) {
    hart.setX(register, value);
  }

  @Override
  public long f(int register) {
    return hart.f(register);
  }

  @Override
  public void setF(int register, long value) {
    hart.setF(register, value);
  }

  @Override
  public long pc() {
    return hart.pc();
  }

  @Override
  public void setPc(long pc) {
    hart.start(pc);
  }

  @Override
  public int privilege() {
    return hart.privilege();
  }

  @Override
  public void setPrivilege(int privilege) {
    hart.csrs.privilege = privilege;
  }

  @Override
  public long csr(int number) {
    return hart.csr(number);
  }

  @Override
  public void setCsr(int number, long value) {
    hart.csrs.write(number, value);
    hart.csrs.minstretWritten = false;
    hart.csrs.mcycleWritten = false;
  }

  @Override
  public void setInterrupt(int bit, boolean level) {
    hart.setInterrupt(bit, level);
  }

  @Override
  public void setTime(long newTime) {
    time = newTime;
  }

  @Override
  public long retired() {
    return hart.retired();
  }

  @Override
  public void run(long instructions) {
    long target = hart.retired() + instructions;
    for (long steps = 0; hart.retired() < target && steps < instructions + 100; steps++) {
      hart.step();
    }
  }

  @Override
  public void attempt(int steps) {
    for (int i = 0; i < steps; i++) {
      hart.takeInterrupt();
      hart.step();
    }
  }

  @Override
  public void reset() {
    hart = new ReferenceHart(0, memory, () -> time);
    hart.start(BASE);
  }

  @Override
  public void close() {}
}
