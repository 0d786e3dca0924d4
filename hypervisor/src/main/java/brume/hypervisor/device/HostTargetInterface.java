package brume.hypervisor.device;

import brume.hypervisor.memory.GuestRam;

/// HTIF, by which bare-metal test programs end and print: the 64-bit words `tohost` and `fromhost`
/// at physical addresses in RAM. A command is device (bits 63:56), command (55:48) and payload
/// (47:0).
///
/// Programs store `tohost` as one doubleword, or as two words, low then high; so a low word alone
/// is not a command yet.
///
/// An even payload for device 0 is the address of eight doublewords, a system call of Linux for the
/// host: its number, then its arguments; the result replaces the number and `fromhost` becomes 1.
/// Programs print by `write` to their two outputs and may end by `exit`; there is nothing else.
public final class HostTargetInterface {
  private static final int CALL_BYTES = 64;

  /// Of Linux on RISC-V; errors are its numbers, negative.
  private static final int WRITE = 64, EXIT = 93;

  private static final long NO_SUCH_CALL = -38, NO_SUCH_OUTPUT = -9, NO_SUCH_MEMORY = -14;

  /// One call prints at most this much; the caller goes on with the rest.
  private static final int WRITTEN_BYTES_MAX = 64 * 1024;

  private final GuestRam ram;
  private final long toHost;
  private final long fromHost;
  private final PowerControl power;
  private final ConsoleOutput console;

  /// @param fromHost 0 if the program has no such symbol
  public HostTargetInterface(
      GuestRam ram, long toHost, long fromHost, PowerControl power, ConsoleOutput console) {
    this.ram = ram;
    this.toHost = toHost;
    this.fromHost = fromHost;
    this.power = power;
    this.console = console;
  }

  /// A hart has stored `bytes` bytes at `address`, which touches `tohost`.
  public void stored(long address, int bytes) {
    boolean reachesTheEnd = address + bytes >= toHost + 8;
    if (!reachesTheEnd) {
      return;
    }
    long command = ram.load64(toHost);
    int device = (int) (command >>> 56);
    int number = (int) (command >>> 48) & 0xff;
    long payload = command & 0xffff_ffff_ffffL;
    if (device == 0 && (payload & 1) != 0) {
      power.powerOff(exitStatus(payload >>> 1));
    } else if (device == 0 && number == 0 && isCall(payload)) {
      call(payload);
    } else if (device == 1 && number == 1) {
      console.put((int) payload & 0xff);
      ram.store64(toHost, 0);
      if (fromHost != 0) {
        ram.store64(fromHost, 0x0101L << 48);
      }
    }
  }

  private boolean isCall(long address) {
    return address % 8 == 0 && ram.contains(address, CALL_BYTES);
  }

  private void call(long address) {
    long first = ram.load64(address + 8);
    long result;
    switch ((int) ram.load64(address)) {
      case WRITE -> result = write(first, ram.load64(address + 16), ram.load64(address + 24));
      case EXIT -> {
        power.powerOff(exitStatus(first & 0xff));
        return;
      }
      default -> result = NO_SUCH_CALL;
    }
    ram.store64(address, result);
    ram.store64(toHost, 0);
    if (fromHost != 0) {
      ram.store64(fromHost, 1);
    }
  }

  /// How many bytes were printed, or an error.
  private long write(long output, long from, long length) {
    if (output != 1 && output != 2) {
      return NO_SUCH_OUTPUT;
    }
    if (length < 0 || !ram.contains(from, length)) {
      return NO_SUCH_MEMORY;
    }
    byte[] bytes = new byte[(int) Math.min(length, WRITTEN_BYTES_MAX)];
    ram.read(from, bytes, 0, bytes.length);
    for (byte character : bytes) {
      console.put(character & 0xff);
    }
    return bytes.length;
  }

  /// A process has eight bits for it, and a failure must not look like a pass.
  static int exitStatus(long code) {
    return (int) Math.min(code, 255);
  }
}
