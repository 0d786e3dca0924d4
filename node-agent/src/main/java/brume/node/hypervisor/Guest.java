package brume.node.hypervisor;

import brume.contract.sync.VmCounters;

/// A driver's handle on one guest: created, started once, destroyed once. All methods may be called
/// from any thread.
public interface Guest {
  /// Lets it run. On return its first instruction is executed or about to be.
  void start() throws GuestRefused;

  /// Asks the guest to power itself off, in its own time. A guest that does not listen goes on.
  void shutdown();

  /// Begins again from the boot image, in the same memory, as if its reset button was pressed.
  void reboot();

  /// Cuts it off and releases all it held. On return none of its instructions will ever be executed
  /// and its memory is free. Does nothing the second time. It never throws.
  void destroy();

  /// What it printed. It stays readable after the end.
  ConsoleRing console();

  /// Keystrokes for its console. Returns how many of the first it took; the rest had no room, as
  /// happens when it does not read.
  int type(byte[] bytes);

  /// Cheap enough to be read every second; after the end, what it came to.
  VmCounters counters();
}
