package brume.hypervisor.cpu;

import brume.hypervisor.memory.GuestRam;
import brume.hypervisor.memory.PhysicalMemory;

/// A hart with 1 MiB of RAM and nothing else, for tests that lay code and page tables by hand.
final class Bench implements AutoCloseable {
  static final long BASE = 0x8000_0000L;
  static final int NOP = 0x13;
  static final int ECALL = 0x73;

  /// `ld a0, 0(a1)`, `sd a0, 0(a1)`.
  static final int LOAD = 0x0005b503;

  static final int STORE = 0x00a5b023;

  final GuestRam ram = GuestRam.allocate(BASE, 1 << 20);
  final PhysicalMemory memory = new PhysicalMemory(ram);
  final Hart hart;
  long time;

  Bench() {
    hart = new Hart(0, memory, new HartConfig(null), () -> time);
    hart.reset(BASE, 0);
    hart.setCsr(Csr.MTVEC, BASE + 0x800);
    ram.store32(BASE + 0x800, NOP);
  }

  void code(int... words) {
    for (int i = 0; i < words.length; i++) {
      ram.store32(BASE + 4L * i, words[i]);
    }
    hart.setPc(BASE);
  }

  /// Puts everything a lower mode needs into PMP entry 0.
  void openPmp() {
    hart.setCsr(Csr.PMPADDR0, -1);
    hart.setCsr(Csr.PMPCFG0, 0x1f);
  }

  long cause() {
    return hart.csr(Csr.MCAUSE);
  }

  @Override
  public void close() {
    ram.close();
  }
}
