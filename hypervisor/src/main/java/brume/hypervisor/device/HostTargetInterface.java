package brume.hypervisor.device;

import brume.hypervisor.memory.GuestRam;

/// HTIF, by which bare-metal test programs end and print: the 64-bit words `tohost` and `fromhost`
/// at physical addresses in RAM. A command is device (bits 63:56), command (55:48) and payload
/// (47:0).
///
/// Programs store `tohost` as one doubleword, or as two words, low then high; so a low word alone
/// is not a command yet. One that stores the low word again instead has no high word to store, and
/// the command is as it stands: such programs repeat it until they are ended.
public final class HostTargetInterface {
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
      highWordExpected = true;
      return;
    }
    highWordExpected = false;
    long command = ram.load64(toHost);
    int device = (int) (command >>> 56);
    int number = (int) (command >>> 48) & 0xff;
    long payload = command & 0xffff_ffff_ffffL;
    if (device == 0 && (payload & 1) != 0) {
      power.powerOff(exitStatus(payload >>> 1));
    } else if (device == 1 && number == 1) {
      console.put((int) payload & 0xff);
      ram.store64(toHost, 0);
      if (fromHost != 0) {
        ram.store64(fromHost, 0x0101L << 48);
      }
    }
  }

  /// A process has eight bits for it, and a failure must not look like a pass.
  static int exitStatus(long code) {
    return (int) Math.min(code, 255);
  }
}
