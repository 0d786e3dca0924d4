package brume.hypervisor.device;

import brume.hypervisor.memory.GuestRam;

/// HTIF, by which bare-metal test programs end and print: the 64-bit words `tohost` and `fromhost`
/// at physical addresses in RAM. A command is device (bits 63:56), command (55:48) and payload
/// (47:0). Understood are the end (device 0, odd payload: status in the bits above), a character
/// for the console (device 1, command 1), and system calls by proxy (device 0, payload the address
/// of number and arguments): `write` to 1 or 2, and `exit`, by their numbers in Linux; others are
/// answered with ENOSYS.
///
/// Programs store `tohost` as one doubleword, or as two words, low then high; so a low word alone
/// is not a command yet. One that stores the low word again instead has no high word to store, and
/// the command is as it stands: such programs repeat it until they are ended.
public final class HostTargetInterface {
  private static final int CALL_BYTES = 64;
  private static final int WRITE = 64, EXIT = 93;
  private static final long BAD_FILE = -9, BAD_ADDRESS = -14, NO_SUCH_CALL = -38;

  /// Of one call, as the machine stands still meanwhile.
  private static final long PRINTED_BYTES_MAX = 64 << 10;

  private final GuestRam ram;
  private final long toHost;
  private final long fromHost;
  private final PowerControl power;
  private final ConsoleOutput console;
  private boolean highWordExpected;

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
    if (!reachesTheEnd && !highWordExpected) {
      highWordExpected = ram.load32(toHost) != 0; // else it was cleared, not commanded
      return;
    }
    highWordExpected = false;
    long command = ram.load64(toHost);
    int device = (int) (command >>> 56);
    int number = (int) (command >>> 48) & 0xff;
    long payload = command & 0xffff_ffff_ffffL;
    if (device == 0 && (payload & 1) != 0) {
      power.powerOff(exitStatus(payload >>> 1));
    } else if (device == 0 && number == 0 && isCallBlock(payload)) {
      ram.store64(payload, systemCall(payload));
      answer(1);
    } else if (device == 1 && number == 1) {
      console.put((int) payload & 0xff);
      answer(0x0101L << 48);
    }
  }

  private void answer(long word) {
    ram.store64(toHost, 0);
    if (fromHost != 0) {
      ram.store64(fromHost, word);
    }
  }

  /// Number and arguments of a call lie in RAM as doublewords; the result takes the number's place.
  private boolean isCallBlock(long address) {
    return (address & 7) == 0 && ram.contains(address, CALL_BYTES);
  }

  private long systemCall(long block) {
    long first = ram.load64(block + 8);
    return switch ((int) ram.load64(block)) {
      case WRITE -> print(first, ram.load64(block + 16), ram.load64(block + 24));
      case EXIT -> {
        power.powerOff(exitStatus(first & 0xffff_ffffL));
        yield 0;
      }
      default -> NO_SUCH_CALL;
    };
  }

  private long print(long file, long from, long length) {
    if (file != 1 && file != 2) {
      return BAD_FILE;
    }
    if (length < 0 || !ram.contains(from, length)) {
      return BAD_ADDRESS;
    }
    long printed = Math.min(length, PRINTED_BYTES_MAX);
    for (long i = 0; i < printed; i++) {
      console.put(ram.load8(from + i) & 0xff);
    }
    return printed;
  }

  /// A process has eight bits for it, and a failure must not look like a pass.
  static int exitStatus(long code) {
    return (int) Math.min(code, 255);
  }
}
