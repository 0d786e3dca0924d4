package brume.hypervisor.device;

import brume.hypervisor.memory.AccessFault;
import brume.hypervisor.memory.MmioDevice;

/// A 16550A serial port (register layout of the PC16550D data sheet) whose line is infinitely fast:
/// the transmitter is always empty. What the host types waits in a bounded queue in place of the
/// 16-byte FIFO. Registers are bytes.
///
/// Drivers throw away what a port holds while they set it up. As a host that pipes a script into
/// the console does not know when that is over, characters are held back until the driver listens:
/// it has enabled the receive interrupt, or asks the line status over and over.
public final class Uart16550 implements MmioDevice {
  /// Keystrokes that may wait for a guest that does not read them.
  public static final int INPUT_BYTES_MAX = 4096;

  private static final int DATA = 0, IER = 1, IIR = 2, LCR = 3, MCR = 4, LSR = 5, MSR = 6, SCR = 7;
  private static final int IER_RECEIVE = 1, IER_TRANSMIT = 2;
  private static final int IIR_NONE = 1, IIR_TRANSMIT = 2, IIR_RECEIVE = 4, IIR_FIFO = 0xc0;
  private static final int LCR_DIVISOR = 0x80;
  private static final int MCR_LOOP = 0x10;
  private static final int LSR_DATA = 1, LSR_EMPTY = 0x60;
  private static final int MSR_CONNECTED = 0xb0;

  /// Questions for the line status, nothing sent between them, after which the driver is polling.
  private static final int POLLS = 1000;

  private final ConsoleOutput output;
  private final TrafficCounter traffic;
  private final InterruptLine interrupt;
  private final ByteQueue input = new ByteQueue(INPUT_BYTES_MAX);
  private int interruptEnable;
  private int fifoControl;
  private int lineControl;
  private int modemControl;
  private int scratch;
  private int divisor = 1;
  private boolean transmitInterrupt;
  private int polls;

  public Uart16550(ConsoleOutput output, TrafficCounter traffic, InterruptLine interrupt) {
    this.output = output;
    this.traffic = traffic;
    this.interrupt = interrupt;
  }

  /// How much [#receive] would take.
  public int room() {
    return INPUT_BYTES_MAX - input.size();
  }

  /// What the host types; returns how many bytes had room. Under the machine's device lock.
  public int receive(byte[] bytes) {
    int taken = input.add(bytes, 0, bytes.length);
    if (taken > 0) {
      traffic.toGuest(taken);
    }
    updateInterrupt();
    return taken;
  }

  /// The next character from the host for firmware that reads without the port's registers; -1 when
  /// there is none.
  public int poll() {
    int character = input.poll();
    updateInterrupt();
    return character;
  }

  @Override
  public long load(long offset, int bytes) {
    requireByte(offset, bytes);
    boolean divisorLatch = (lineControl & LCR_DIVISOR) != 0;
    return switch ((int) offset) {
      case DATA -> divisorLatch ? divisor & 0xff : listens() ? Math.max(0, poll()) : 0;
      case IER -> divisorLatch ? divisor >> 8 : interruptEnable;
      case IIR -> identify();
      case LCR -> lineControl;
      case MCR -> modemControl;
      case LSR -> {
        polls = Math.min(polls + 1, POLLS);
        yield LSR_EMPTY | (input.isEmpty() || !listens() ? 0 : LSR_DATA);
      }
      case MSR -> modemStatus();
      case SCR -> scratch;
      default -> 0;
    };
  }

  @Override
  public void store(long offset, int bytes, long wide) {
    requireByte(offset, bytes);
    int value = (int) wide & 0xff;
    boolean divisorLatch = (lineControl & LCR_DIVISOR) != 0;
    switch ((int) offset) {
      case DATA -> {
        if (divisorLatch) {
          divisor = (divisor & 0xff00) | value;
        } else {
          transmit(value);
        }
      }
      case IER -> {
        if (divisorLatch) {
          divisor = (divisor & 0xff) | (value << 8);
        } else {
          // Enabling it while the transmitter is empty raises it at once (data sheet, table II).
          transmitInterrupt = (value & IER_TRANSMIT) != 0;
          interruptEnable = value & 0xf;
          polls = 0;
        }
      }
      case IIR -> fifoControl = value;
      case LCR -> lineControl = value;
      case MCR -> modemControl = value & 0x1f;
      case SCR -> scratch = value;
      default -> {}
    }
    updateInterrupt();
  }

  private boolean listens() {
    return (interruptEnable & IER_RECEIVE) != 0 || polls >= POLLS || (modemControl & MCR_LOOP) != 0;
  }

  private void transmit(int value) {
    if ((modemControl & MCR_LOOP) != 0) {
      input.add(new byte[] {(byte) value}, 0, 1);
    } else {
      output.put(value);
      if (polls < POLLS) {
        polls = 0;
      }
    }
    transmitInterrupt = (interruptEnable & IER_TRANSMIT) != 0;
  }

  private int identify() {
    int fifo = (fifoControl & 1) != 0 ? IIR_FIFO : 0;
    if ((interruptEnable & IER_RECEIVE) != 0 && !input.isEmpty()) {
      return fifo | IIR_RECEIVE;
    }
    if (transmitInterrupt) {
      // Reading it as the source is what takes it back.
      transmitInterrupt = false;
      updateInterrupt();
      return fifo | IIR_TRANSMIT;
    }
    return fifo | IIR_NONE;
  }

  private int modemStatus() {
    if ((modemControl & MCR_LOOP) == 0) {
      return MSR_CONNECTED;
    }
    // In loop-back DTR, RTS, OUT1, OUT2 come back as DSR, CTS, RI, DCD.
    return (modemControl & 1) << 5
        | (modemControl & 2) << 3
        | (modemControl & 4) << 4
        | (modemControl & 8) << 4;
  }

  private void updateInterrupt() {
    boolean receive = (interruptEnable & IER_RECEIVE) != 0 && !input.isEmpty();
    interrupt.set(receive || transmitInterrupt);
  }

  private static void requireByte(long offset, int bytes) {
    if (bytes != 1) {
      throw new AccessFault(MemoryMap.UART + offset);
    }
  }
}
