package brume.hypervisor.reference;

import brume.hypervisor.cpu.Hart;
import brume.hypervisor.cpu.HartConfig;
import brume.hypervisor.cpu.Translator;
import brume.hypervisor.memory.GuestRam;
import brume.hypervisor.memory.PhysicalMemory;
import org.jspecify.annotations.Nullable;

/// The hart under judgement as a [Machine].
final class HartMachine implements Machine {
  private final GuestRam ram = GuestRam.allocate(BASE, RAM_BYTES);
  final PhysicalMemory memory = new PhysicalMemory(ram);
  private volatile long time;
  final Hart hart;

  HartMachine() {
    this(null);
  }

  HartMachine(@Nullable Translator translator) {
    hart = new Hart(0, memory, new HartConfig(null, false, translator), () -> time);
    hart.reset(BASE, 0);
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
    ram.write(address, code, 0, code.length);
    hart.requestInstructionFence();
  }

  @Override
  public byte[] ram() {
    byte[] bytes = new byte[RAM_BYTES];
    ram.read(BASE, bytes, 0, RAM_BYTES);
    return bytes;
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
    hart.setPc(pc);
  }

  @Override
  public int privilege() {
    return hart.privilege();
  }

  @Override
  public void setPrivilege(int privilege) {
    hart.setPrivilege(privilege);
  }

  @Override
  public long csr(int number) {
    return hart.csr(number);
  }

  @Override
  public void setCsr(int number, long value) {
    hart.setCsr(number, value);
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
    for (int tries = 0; hart.retired() < target && tries < 100; tries++) {
      hart.run(target - hart.retired());
    }
  }

  @Override
  public void attempt(int steps) {
    hart.run(steps);
  }

  @Override
  public void reset() {
    hart.reset(BASE, 0);
  }

  @Override
  public void close() {
    ram.close();
  }
}
