package brume.hypervisor.firmware;

import brume.hypervisor.cpu.Csr;
import brume.hypervisor.cpu.Hart;
import brume.hypervisor.cpu.SupervisorCalls;
import brume.hypervisor.device.ConsoleOutput;
import brume.hypervisor.device.PowerControl;
import brume.hypervisor.memory.AccessFault;
import brume.hypervisor.memory.GuestRam;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// The SBI that a paravirtual machine answers itself (RISC-V SBI 3.0): BASE, TIME, IPI, RFENCE,
/// HSM, SRST, DBCN, SUSP and STA. Everything else is 'not supported', and probing says so.
///
/// Harts call it from their own threads, several at once. A call that fences other harts returns
/// when they have done it or do not run; meanwhile it answers fences of others, so it holds no
/// lock.
public final class SupervisorBinaryInterface implements SupervisorCalls {
  static final int BASE = 0x10, TIME = 0x54494d45, IPI = 0x735049, RFENCE = 0x52464e43;
  static final int HSM = 0x48534d, SRST = 0x53525354, DBCN = 0x4442434e;
  static final int SUSP = 0x53555350, STA = 0x535441;
  static final long SUCCESS = 0, NOT_SUPPORTED = -2, INVALID_PARAM = -3, DENIED = -4;
  static final long INVALID_ADDRESS = -5, ALREADY_AVAILABLE = -6;

  private static final long SPECIFICATION_VERSION = 3L << 24;

  /// "BRUM"; not one of the registered implementations.
  private static final long IMPLEMENTATION_ID = 0x4252_554d;

  /// One call prints at most this much; the caller goes on with the rest (§12.1).
  private static final int CONSOLE_BYTES_MAX = 4096;

  private static final long SSTATUS_SIE = 2;

  /// Kinds of sleep of a hart (§9.4); the others are reserved or a platform's own, and we have
  // none.
  private static final long RETENTIVE = 0, NON_RETENTIVE = 0x8000_0000L;

  private static final int A0 = 10, A1 = 11, A2 = 12, A6 = 16, A7 = 17;

  private final GuestRam ram;
  private final PowerControl power;
  private final ConsoleOutput console;
  private final IntSupplier typed;
  private final Consumer<Runnable> alone;
  private final StealTime stealTime;
  private @Nullable HartStates harts;

  /// @param typed the next character from the host, or -1
  /// @param alone runs what uses `console` and `typed` while no other hart uses devices
  public SupervisorBinaryInterface(
      GuestRam ram,
      PowerControl power,
      ConsoleOutput console,
      IntSupplier typed,
      Consumer<Runnable> alone,
      StealTime stealTime) {
    this.ram = ram;
    this.power = power;
    this.console = console;
    this.typed = typed;
    this.alone = alone;
    this.stealTime = stealTime;
  }

  /// Harts need this object to be made, and this object needs harts: the circle is closed here.
  public void attach(HartStates group) {
    harts = group;
  }

  private HartStates group() {
    if (harts == null) {
      throw new IllegalStateException("the SBI was called before its harts were attached");
    }
    return harts;
  }

  @Override
  public void call(Hart hart) {
    int extension = (int) hart.x(A7);
    int function = (int) hart.x(A6);
    switch (extension) {
      case BASE -> base(hart, function);
      case TIME -> time(hart, function);
      case IPI -> interrupts(hart, function);
      case RFENCE -> fences(hart, function);
      case HSM -> harts(hart, function);
      case SRST -> reset(hart, function);
      case DBCN -> alone.accept(() -> console(hart, function));
      case SUSP -> suspend(hart, function);
      case STA -> stealTime(hart, function);
      default -> answer(hart, NOT_SUPPORTED, 0);
    }
  }

  private static void answer(Hart hart, long error, long value) {
    hart.setX(A0, error);
    hart.setX(A1, value);
  }

  private static boolean isOffered(long extension) {
    return extension == BASE
        || extension == TIME
        || extension == IPI
        || extension == RFENCE
        || extension == HSM
        || extension == SRST
        || extension == DBCN
        || extension == SUSP
        || extension == STA;
  }

  /// §4.
  private static void base(Hart hart, int function) {
    switch (function) {
      case 0 -> answer(hart, SUCCESS, SPECIFICATION_VERSION);
      case 1 -> answer(hart, SUCCESS, IMPLEMENTATION_ID);
      case 2 -> answer(hart, SUCCESS, 1);
      case 3 -> answer(hart, SUCCESS, isOffered(hart.x(A0)) ? 1 : 0);
      // mvendorid, marchid, mimpid: zero is 'not implemented'.
      case 4, 5, 6 -> answer(hart, SUCCESS, 0);
      default -> answer(hart, NOT_SUPPORTED, 0);
    }
  }

  /// §6.
  private static void time(Hart hart, int function) {
    if (function != 0) {
      answer(hart, NOT_SUPPORTED, 0);
      return;
    }
    hart.setStimecmp(hart.x(A0));
    answer(hart, SUCCESS, 0);
  }

  /// §7.
  private void interrupts(Hart hart, int function) {
    if (function != 0) {
      answer(hart, NOT_SUPPORTED, 0);
      return;
    }
    answer(hart, forEach(hart, id -> group().hart(id).setInterrupt(Hart.SSIP, true)), 0);
  }

  /// §8. The address range is not looked at: forgetting everything is always right.
  private void fences(Hart hart, int function) {
    if (function < 0 || function > 2) {
      answer(hart, NOT_SUPPORTED, 0);
      return;
    }
    HartStates group = group();
    long error =
        function == 0
            ? forEach(hart, id -> group.hart(id).requestInstructionFence())
            : forEach(hart, id -> group.hart(id).requestTranslationFence());
    if (error == SUCCESS) {
      forEach(hart, id -> hart.awaitFences(group.hart(id)));
    }
    answer(hart, error, 0);
  }

  /// Hart masks of §3.1: bit i of `a0` is hart `a1` + i, and `a1` = -1 means all. Nothing is done
  /// when one of them does not exist.
  private long forEach(Hart hart, IntConsumer action) {
    HartStates group = group();
    long mask = hart.x(A0);
    long base = hart.x(A1);
    if (base == -1) {
      base = 0;
      mask = (1L << group.size()) - 1;
    }
    boolean exists = mask == 0 || group.exists(base + 63 - Long.numberOfLeadingZeros(mask));
    if (base < 0 || !exists) {
      return INVALID_PARAM;
    }
    for (long left = mask; left != 0; left &= left - 1) {
      action.accept((int) base + Long.numberOfTrailingZeros(left));
    }
    return SUCCESS;
  }

  /// §9.
  private void harts(Hart hart, int function) {
    HartStates group = group();
    long target = hart.x(A0);
    switch (function) {
      case 0 -> answer(hart, startHart(target, hart.x(A1), hart.x(A2)), 0);
      case 1 -> {
        // Does not return.
        group.stop(hart.id());
      }
      case 2 -> {
        if (group.exists(target)) {
          answer(hart, SUCCESS, group.state((int) target));
        } else {
          answer(hart, INVALID_PARAM, 0);
        }
      }
      case 3 -> suspendHart(hart);
      default -> answer(hart, NOT_SUPPORTED, 0);
    }
  }

  /// Until an interrupt that the hart has enabled is pending, and at least as long as it takes to
  /// look: where one is pending already, it goes on at once.
  private void suspendHart(Hart hart) {
    long type = hart.x(A0) & 0xffff_ffffL;
    long resume = hart.x(A1);
    if (type != RETENTIVE && type != NON_RETENTIVE) {
      answer(hart, INVALID_PARAM, 0);
      return;
    }
    if (type == NON_RETENTIVE && !canGoOnAt(resume)) {
      answer(hart, INVALID_ADDRESS, 0);
      return;
    }
    group().suspend(hart.id());
    if (type == RETENTIVE) {
      answer(hart, SUCCESS, 0);
      hart.waitForInterrupt();
    } else {
      sleepAndStartAnew(hart, resume, hart.x(A2));
    }
    if (!hart.isWaiting()) {
      group().resume(hart.id());
    }
  }

  private boolean canGoOnAt(long address) {
    return (address & 1) == 0 && ram.contains(address, 2);
  }

  /// In S-mode as a hart is started: physical addresses, interrupts off. Other registers may hold
  /// anything.
  private static void sleepAndStartAnew(Hart hart, long resume, long argument) {
    hart.setCsr(Csr.SATP, 0);
    hart.setCsr(Csr.SSTATUS, hart.csr(Csr.SSTATUS) & ~SSTATUS_SIE);
    hart.setX(A1, argument);
    hart.setX(A0, hart.id());
    hart.setPc(resume);
    hart.waitForInterrupt();
  }

  private long startHart(long target, long entry, long argument) {
    HartStates group = group();
    if (!group.exists(target)) {
      return INVALID_PARAM;
    }
    if (group.isStarted((int) target)) {
      return ALREADY_AVAILABLE;
    }
    if (!canGoOnAt(entry)) {
      return INVALID_ADDRESS;
    }
    return group.start((int) target, entry, argument) ? SUCCESS : ALREADY_AVAILABLE;
  }

  /// §10.
  private void reset(Hart hart, int function) {
    long type = hart.x(A0) & 0xffff_ffffL;
    long reason = hart.x(A1) & 0xffff_ffffL;
    if (function != 0) {
      answer(hart, NOT_SUPPORTED, 0);
    } else if (type > 2 || reason > 1) {
      answer(hart, INVALID_PARAM, 0);
    } else if (type == 0) {
      // Reason 1 is 'system failure'.
      power.powerOff((int) reason);
    } else {
      power.reset();
    }
  }

  /// §12.
  private void console(Hart hart, int function) {
    switch (function) {
      case 0 -> write(hart);
      case 1 -> read(hart);
      case 2 -> {
        console.put((int) hart.x(A0) & 0xff);
        answer(hart, SUCCESS, 0);
      }
      default -> answer(hart, NOT_SUPPORTED, 0);
    }
  }

  private void write(Hart hart) {
    int length = consoleLength(hart);
    if (length < 0) {
      answer(hart, INVALID_PARAM, 0);
      return;
    }
    byte[] bytes = new byte[length];
    ram.read(hart.x(A1), bytes, 0, length);
    for (byte character : bytes) {
      console.put(character & 0xff);
    }
    answer(hart, SUCCESS, length);
  }

  private void read(Hart hart) {
    int length = consoleLength(hart);
    if (length < 0) {
      answer(hart, INVALID_PARAM, 0);
      return;
    }
    int done = 0;
    try {
      while (done < length) {
        int character = typed.getAsInt();
        if (character < 0) {
          break;
        }
        ram.store8(hart.x(A1) + done, character);
        done++;
      }
    } catch (AccessFault outside) {
      throw new IllegalStateException("a checked buffer is outside RAM", outside);
    }
    answer(hart, SUCCESS, done);
  }

  /// The length of the caller's buffer, cut to what one call does; -1 for one outside RAM.
  private int consoleLength(Hart hart) {
    long bytes = hart.x(A0);
    long low = hart.x(A1);
    long high = hart.x(A2);
    if (bytes < 0 || high != 0 || !ram.contains(low, bytes)) {
      return -1;
    }
    return (int) Math.min(bytes, CONSOLE_BYTES_MAX);
  }

  /// §13. The hart waits for an interrupt that it has enabled, and then goes on where it asked to,
  /// as one that was started; there is nothing else to switch off.
  private void suspend(Hart hart, int function) {
    long type = hart.x(A0) & 0xffff_ffffL;
    long resume = hart.x(A1);
    if (function != 0) {
      answer(hart, NOT_SUPPORTED, 0);
    } else if (type != 0) {
      answer(hart, INVALID_PARAM, 0);
    } else if (!canGoOnAt(resume)) {
      answer(hart, INVALID_ADDRESS, 0);
    } else if (!group().isAlone(hart.id())) {
      answer(hart, DENIED, 0);
    } else {
      sleepAndStartAnew(hart, resume, hart.x(A2));
    }
  }

  /// §16.
  private void stealTime(Hart hart, int function) {
    long address = hart.x(A0);
    long high = hart.x(A1);
    long flags = hart.x(A2) & 0xffff_ffffL;
    if (function != 0) {
      answer(hart, NOT_SUPPORTED, 0);
    } else if (address == -1 && high == -1) {
      stealTime.stopSharing(hart.id());
      answer(hart, SUCCESS, 0);
    } else if (flags != 0 || address % StealTime.BYTES != 0) {
      answer(hart, INVALID_PARAM, 0);
    } else if (high != 0 || !ram.contains(address, StealTime.BYTES)) {
      answer(hart, INVALID_ADDRESS, 0);
    } else {
      stealTime.share(hart.id(), address);
      answer(hart, SUCCESS, 0);
    }
  }
}
