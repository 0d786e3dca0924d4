package brume.hypervisor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CsrLegalizationTest {
  private final Bench bench = new Bench();
  private final Hart hart = bench.hart;

  @AfterEach
  void close() {
    bench.close();
  }

  @ParameterizedTest(name = "csr {0}: {1} reads {2}, then {3} reads {4}")
  @CsvSource({
    "0x300, -1,                 0x8000000a007e79aa, 0x1000, 0xa00000000", // mstatus; MPP 2 is U
    "0x100, -1,                 0x80000002000c6122, 0,      0x200000000", // sstatus
    "0x301, 0,                  0x800000000014112f, -1,     0x800000000014112f", // misa
    "0x302, -1,                 0xb3ff,             0,      0", // medeleg
    "0x303, -1,                 0x222,              0,      0", // mideleg
    "0x304, -1,                 0xaaa,              0,      0", // mie
    "0x305, 0x80000001,         0x80000001,         6,      5", // mtvec; mode 2 keeps 1
    "0x105, 0x80000002,         0x80000000,         5,      5", // stvec
    "0x341, -1,                 -2,                 3,      2", // mepc
    "0x141, -1,                 -2,                 3,      2", // sepc
    "0x342, -1,                 -1,                 0,      0", // mcause
    "0x180, 0x8000000000000001, 0x8000000000000001, 0x3000000000000002, 0x8000000000000001",
    "0x180, 0x9fffffffffffffff, 0x9fffffffffffffff, 0xb000000000000002, 0x9fffffffffffffff",
    "0x306, -1,                 0xffffffff,         0,      0", // mcounteren
    "0x320, -1,                 5,                  2,      0", // mcountinhibit
    "0x30a, 0xe0000000000000f1, 0xa0000000000000f1, 0x20,   0", // menvcfg; CBIE 2 is 0
    "0x10a, -1,                 0xf1,               0x20,   0", // senvcfg
    "0x344, -1,                 0x222,              0,      0", // mip
    "0x323, -1,                 0,                  7,      0", // mhpmevent3
    "0xb03, -1,                 0,                  7,      0", // mhpmcounter3
    "0x003, -1,                 0xff,               0x45,   0x45", // fcsr
    "0x14d, 5,                  5,                  -1,     -1", // stimecmp
  })
  void whatIsWrittenBecomesLegal(
      String csr, String first, String reads, String second, String thenReads) {
    int number = Integer.decode(csr);
    hart.setCsr(number, bits(first));
    assertThat(hart.csr(number)).isEqualTo(bits(reads));
    hart.setCsr(number, bits(second));
    assertThat(hart.csr(number)).isEqualTo(bits(thenReads));
  }

  private static long bits(String text) {
    return text.startsWith("0x")
        ? Long.parseUnsignedLong(text.substring(2), 16)
        : Long.parseLong(text);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x005, 0x200, 0x310, 0x3a1, 0x3a4, 0x3c0, 0x747, 0x757, 0x7a5, 0xb01, 0xdff})
  void whatDoesNotExistIsRefused(int number) {
    assertThatThrownBy(() -> hart.csr(number))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(Integer.toHexString(number));
  }

  /// `csrrs a0, csr, x0` and `csrrw x0, csr, a1`, by mode.
  @ParameterizedTest(name = "csr {0}")
  @CsvSource({
    // csr, read by U, S, M; written by U, S, M
    "0x300, no no yes, no no yes",
    "0x100, no yes yes, no yes yes",
    "0x180, no yes yes, no yes yes",
    "0xf14, no no yes, no no no",
    "0xc00, no no yes, no no no",
    "0xb00, no no yes, no no yes",
    "0x14d, no no yes, no no yes",
    "0x001, no no no, no no no",
    "0x747, no no no, no no no",
  })
  void onlyWhoMayCanReadAndWrite(String csr, String reads, String writes) {
    int number = Integer.decode(csr);
    bench.openPmp();
    int[] modes = {Privilege.USER, Privilege.SUPERVISOR, Privilege.MACHINE};
    for (int i = 0; i < 3; i++) {
      assertThat(runs(number << 20 | 0x2573, modes[i]))
          .isEqualTo(reads.split(" ")[i].equals("yes"));
      assertThat(runs(number << 20 | 0x59073, modes[i]))
          .isEqualTo(writes.split(" ")[i].equals("yes"));
    }
  }

  private boolean runs(int instruction, int mode) {
    bench.code(instruction);
    hart.setX(11, 0);
    hart.setPrivilege(mode);
    boolean retired = hart.run(1) == 1;
    if (!retired) {
      assertThat(bench.cause()).isEqualTo(Cause.ILLEGAL_INSTRUCTION);
      assertThat(hart.csr(Csr.MTVAL)).isEqualTo(instruction & 0xffff_ffffL);
    }
    hart.setPrivilege(Privilege.MACHINE);
    return retired;
  }

  @Test
  void countersAreOpenedLevelByLevel() {
    bench.openPmp();
    hart.setCsr(Csr.MCOUNTEREN, 2);
    assertThat(runs(0xc0102573, Privilege.SUPERVISOR)).isTrue();
    assertThat(runs(0xc0102573, Privilege.USER)).isFalse();
    hart.setCsr(Csr.SCOUNTEREN, 2);
    assertThat(runs(0xc0102573, Privilege.USER)).isTrue();
    assertThat(runs(0xc0002573, Privilege.SUPERVISOR)).as("cycle was not opened").isFalse();
  }

  @Test
  void anInstructionReadsTheCountOfThoseBeforeItAndWritesWhatTheNextReads() {
    bench.code(0xb0202573, 0x013, 0xb02025f3, 0xb0261073, 0xb02026f3);
    hart.setX(12, 1000);
    hart.run(5);
    assertThat(hart.x(11) - hart.x(10)).isEqualTo(2);
    assertThat(hart.x(13)).isEqualTo(1000);
  }
}
