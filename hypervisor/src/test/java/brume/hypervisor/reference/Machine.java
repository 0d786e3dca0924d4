package brume.hypervisor.reference;

/// One hart with a megabyte of RAM, as a test drives it: the hart under judgement, or the
/// reference, which has to pass the same tables. With `-Dbrume.test.judge=qemu` QEMU stands in for
/// the reference: rows that it fails are its mistakes or ours, and worth a look.
public interface Machine extends AutoCloseable {
  long BASE = 0x8000_0000L;
  int RAM_BYTES = 1 << 20;

  enum Kind {
    HART,
    REFERENCE;

    public Machine machine() {
      if (this == HART) {
        return new HartMachine();
      }
      return "qemu".equals(System.getProperty("brume.test.judge"))
          ? new QemuMachine()
          : new ReferenceMachine();
    }
  }

  long load(long address, int bytes);

  void store(long address, int bytes, long value);

  /// Code, which the hart is told of as by `fence.i`.
  void write(long address, byte[] code);

  byte[] ram();

  long x(int register);

  void setX(int register, long value);

  long f(int register);

  void setF(int register, long value);

  long pc();

  void setPc(long pc);

  int privilege();

  void setPrivilege(int privilege);

  /// As M-mode sees it.
  long csr(int number);

  void setCsr(int number, long value);

  void setInterrupt(int bit, boolean level);

  void setTime(long time);

  long retired();

  /// Until this many more instructions have retired; traps on the way are taken and do not count.
  /// Gives up when nothing retires any more.
  void run(long instructions);

  /// This many instructions or traps; an interrupt taken in between is not counted.
  void attempt(int steps);

  /// The hart as after reset; RAM stays.
  void reset();

  default void write(Program program) {
    write(program.base(), program.bytes());
  }

  /// Writes the program, goes to its start and runs it up to its end.
  default void execute(Program program) {
    write(program);
    setPc(program.base());
    for (int guard = 0; pc() != program.here(); guard++) {
      if (guard > 10_000) {
        throw new AssertionError("never came to the end, but to " + Long.toHexString(pc()));
      }
      run(1);
    }
  }

  @Override
  void close();
}
