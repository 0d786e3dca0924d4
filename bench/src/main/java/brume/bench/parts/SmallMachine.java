package brume.bench.parts;

import brume.hypervisor.cpu.Hart;
import brume.hypervisor.cpu.HartConfig;
import brume.hypervisor.cpu.SupervisorCalls;
import brume.hypervisor.cpu.Translator;
import brume.hypervisor.memory.GuestRam;
import brume.hypervisor.memory.PhysicalMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One hart in S-mode with its RAM mapped onto itself by pages of 4 KiB, as a kernel's user has it:
/// code at the start, tables behind it, data in the upper half.
final class SmallMachine implements AutoCloseable {
  static final long BASE = 0x8000_0000L;
  private static final long BYTES = 64L << 20, TABLES = BASE + (8 << 20), DATA = BASE + BYTES / 2;
  private static final int PAGE = 4096, ENTRIES = 512;

  /// Privileged specification §12.3.1: valid, readable, writable, executable, accessed, dirty.
  private static final long LEAF = 0b1100_1111, TABLE = 1;

  private static final int CSRW_SATP_T0 = 0x18029073, SFENCE_VMA = 0x12000073;
  private static final long SV39 = 8L << 60;
  private static final int T0 = 5;

  private final GuestRam ram = GuestRam.allocate(BASE, BYTES);
  final Hart hart;

  SmallMachine(@Nullable Translator translator) {
    SupervisorCalls none = _ -> {};
    hart = new Hart(0, new PhysicalMemory(ram), new HartConfig(none, false, translator), () -> 0);
    mapOntoItself();
    write(List.of(CSRW_SATP_T0, SFENCE_VMA));
    hart.reset(BASE, 0);
    hart.setX(T0, SV39 | TABLES >>> 12);
    hart.run(2);
    hart.setX(GuestLoop.A1, DATA);
    hart.setX(GuestLoop.A2, BASE + BYTES);
  }

  private void mapOntoItself() {
    long second = TABLES + PAGE;
    ram.store64(TABLES + 8 * (BASE >>> 30), second >>> 12 << 10 | TABLE);
    for (long table = 0; table < BYTES >>> 21; table++) {
      long third = second + PAGE * (1 + table);
      ram.store64(second + 8 * table, third >>> 12 << 10 | TABLE);
      for (long i = 0; i < ENTRIES; i++) {
        long page = (BASE >>> 12) + table * ENTRIES + i;
        ram.store64(third + 8 * i, page << 10 | LEAF);
      }
    }
  }

  /// At the start of RAM, where the hart goes on; what was decoded is forgotten.
  void write(List<Integer> code) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * code.size()).order(ByteOrder.LITTLE_ENDIAN);
    code.forEach(bytes::putInt);
    ram.write(BASE, bytes.array(), 0, bytes.capacity());
    hart.requestInstructionFence();
    hart.setPc(BASE);
  }

  @Override
  public void close() {
    ram.close();
  }
}
