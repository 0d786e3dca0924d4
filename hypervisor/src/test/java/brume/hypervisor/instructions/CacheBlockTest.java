package brume.hypervisor.instructions;

import static brume.hypervisor.instructions.PagedProbe.WINDOW;
import static brume.hypervisor.instructions.Probe.DATA;
import static brume.hypervisor.instructions.Probe.MACHINE;
import static brume.hypervisor.instructions.Probe.SUPERVISOR;
import static brume.hypervisor.instructions.Probe.USER;
import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.reference.Machine;
import brume.hypervisor.reference.Rv;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Cache-block instructions and memory that they may not touch: they ask as loads and stores do,
/// fault as stores do, and name the address in their register, not that of the block (unprivileged
/// §21, privileged §3.7, §12.3).
class CacheBlockTest {
  private static final int RS1 = Rv.T0 << 15;
  private static final int INVAL = 0x0000_200f | RS1, CLEAN = 0x0010_200f | RS1;
  private static final int FLUSH = 0x0020_200f | RS1, ZERO = 0x0040_200f | RS1;
  private static final int[] MANAGING = {INVAL, CLEAN, FLUSH};
  private static final long EVERYTHING = 0xf0;

  /// With A and D set by the machine (ADUE) or not; `-` where the page table stays as it was.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          page   | ADUE | sum/mxr | managing         | zeroing          | zeroed page
          VRWAD  | 0    |         | ok               | ok               | VRWAD
          VRAD   | 0    |         | ok               | f 40000029 -> M  | VRAD
          VRA    | 0    |         | ok               | f 40000029 -> M  | VRA
          VRWA   | 0    |         | ok               | f 40000029 -> M  | VRWA
          VRWA   | 1    |         | ok               | ok               | VRWAD
          VRW    | 0    |         | f 40000029 -> M  | f 40000029 -> M  | VRW
          VRW    | 1    |         | ok               | ok               | VRWAD
          VXAD   | 0    |         | f 40000029 -> M  | f 40000029 -> M  | VXAD
          VXAD   | 0    | mxr     | ok               | f 40000029 -> M  | VXAD
          VRWUAD | 0    |         | f 40000029 -> M  | f 40000029 -> M  | VRWUAD
          VRWUAD | 0    | sum     | ok               | ok               | VRWUAD
          VWAD   | 0    |         | f 40000029 -> M  | f 40000029 -> M  | VWAD
          RWAD   | 0    |         | f 40000029 -> M  | f 40000029 -> M  | RWAD
          """)
  void pages(String page, int adue, String status, String managing, String zeroing, String zeroed) {
    for (Machine.Kind kind : Machine.Kind.values()) {
      try (Probe probe = new Probe(kind);
          PagedProbe paged = new PagedProbe(probe, 3)) {
        long bits = "sum".equals(status) ? 1 << 18 : "mxr".equals(status) ? 1 << 19 : 0;
        probe.machine.setCsr(Probe.MENVCFG, EVERYTHING | (long) adue << 61);
        probe.machine.setX(Rv.T0, WINDOW + 0x29);
        for (int word : MANAGING) {
          paged.map(0, DATA, page);
          probe.machine.setCsr(Probe.MSTATUS, bits);
          assertThat(paged.attempt(SUPERVISOR, word))
              .as("%08x, %s", word, kind)
              .isEqualTo(managing);
          assertThat(paged.flagsOf(0).contains("D")).as("dirty").isEqualTo(page.contains("D"));
        }
        paged.map(0, DATA, page);
        probe.machine.setCsr(Probe.MSTATUS, bits);
        assertThat(paged.attempt(SUPERVISOR, ZERO)).as("zero, %s", kind).isEqualTo(zeroing);
        assertThat(paged.flagsOf(0)).isEqualTo(zeroed);
      }
    }
  }

  /// Physical memory protection over the whole block, also for a register that points into it.
  @ParameterizedTest
  @EnumSource
  void protectedBlocks(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      for (int permission : new int[] {0, 1, 4, 5, 3, 7}) {
        probe.restart();
        probe.machine.setCsr(Probe.MENVCFG, EVERYTHING);
        probe.machine.setCsr(Probe.SENVCFG, EVERYTHING);
        probe.machine.setCsr(Probe.PMPADDR0, DATA >> 2 | 7);
        probe.machine.setCsr(Probe.PMPADDR0 + 1, -1);
        probe.machine.setCsr(Probe.PMPCFG0, 0x1f << 8 | 0x18 | permission);
        probe.machine.setX(Rv.T0, DATA + 0x3f);
        for (int privilege : new int[] {USER, SUPERVISOR}) {
          for (int word : MANAGING) {
            assertThat(probe.attempt(privilege, word).outcome())
                .as("%08x with %d", word, permission)
                .isEqualTo((permission & 3) != 0 ? "ok" : "7 8000803f -> M");
          }
          assertThat(probe.attempt(privilege, ZERO).outcome())
              .isEqualTo((permission & 2) != 0 ? "ok" : "7 8000803f -> M");
        }
        assertThat(probe.attempt(MACHINE, ZERO).outcome()).isEqualTo("ok");
      }
    }
  }

  /// Where there is no memory; and CBIE, which knows two ways to allow `cbo.inval`.
  @ParameterizedTest
  @EnumSource
  void nowhereAndOtherWays(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      probe.machine.setX(Rv.T0, 0x1234_5678L);
      for (int word : new int[] {INVAL, CLEAN, FLUSH, ZERO}) {
        assertThat(probe.attempt(MACHINE, word).outcome()).isEqualTo("7 12345678 -> M");
      }
      probe.machine.setX(Rv.T0, DATA);
      String illegal = "2 %x -> M".formatted(INVAL);
      for (int machineWay = 0; machineWay < 4; machineWay++) {
        for (int supervisorWay = 0; supervisorWay < 4; supervisorWay++) {
          probe.machine.setCsr(Probe.MENVCFG, machineWay << 4);
          probe.machine.setCsr(Probe.SENVCFG, supervisorWay << 4);
          boolean forS = machineWay % 2 != 0;
          boolean forU = forS && supervisorWay % 2 != 0;
          assertThat(probe.attempt(SUPERVISOR, INVAL).outcome()).isEqualTo(forS ? "ok" : illegal);
          assertThat(probe.attempt(USER, INVAL).outcome()).isEqualTo(forU ? "ok" : illegal);
        }
      }
    }
  }
}
