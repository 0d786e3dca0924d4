package brume.hypervisor.cpu;

/// Zicntr and Zihpm with their machine-level registers (RISC-V privileged §3.1.10 to §3.1.12). A
/// cycle is an instruction here; the performance counters beyond count nothing and read zero.
final class Counters {
  private static final int CYCLE = 0;
  private static final int TIME = 1;
  private static final int INSTRET = 2;

  private final Hart hart;
  private final TimeSource time;
  long mcounteren;
  long scounteren;

  /// Added to the hart's own count; the value itself while the counter is inhibited.
  private final long[] offset = new long[3];

  private long inhibited;

  Counters(Hart hart, TimeSource time) {
    this.hart = hart;
    this.time = time;
  }

  void reset() {
    mcounteren = 0;
    scounteren = 0;
    inhibited = 0;
    java.util.Arrays.fill(offset, -hart.retired());
  }

  void enableAll() {
    mcounteren = 7;
    scounteren = 7;
  }

  boolean permits(int counter) {
    return switch (hart.privilege) {
      case Privilege.MACHINE -> true;
      case Privilege.SUPERVISOR -> (mcounteren >>> counter & 1) != 0;
      default -> (mcounteren & scounteren) >>> counter << 63 != 0;
    };
  }

  long read(int counter) {
    return switch (counter) {
      case CYCLE, INSTRET ->
          (inhibited >>> counter & 1) != 0
              ? offset[counter]
              : offset[counter] + hart.retiredBeforeThis();
      case TIME -> time.now();
      default -> 0;
    };
  }

  /// The next instruction reads what was written: this one is not counted (§3.1.10).
  void write(int counter, long value) {
    if (counter == CYCLE || counter == INSTRET) {
      boolean stopped = (inhibited >>> counter & 1) != 0;
      offset[counter] = stopped ? value : value - hart.retired();
    }
  }

  long inhibit() {
    return inhibited;
  }

  /// Takes effect behind the writing instruction, which is still counted as before.
  void setInhibit(long value) {
    long now = value & 5;
    for (int counter = CYCLE; counter <= INSTRET; counter += 2) {
      long count = hart.retired();
      boolean was = (inhibited >>> counter & 1) != 0;
      boolean becomes = (now >>> counter & 1) != 0;
      if (becomes && !was) {
        offset[counter] += count;
      } else if (was && !becomes) {
        offset[counter] -= count;
      }
    }
    inhibited = now;
  }
}
