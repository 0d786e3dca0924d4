package brume.hypervisor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.memory.GuestRam;
import brume.hypervisor.memory.PhysicalMemory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Every row of the table, and compressed instructions, against what GNU's disassembler says.
class DisassemblerTest {
  private static List<String> golden() throws IOException {
    try (InputStream file = DisassemblerTest.class.getResourceAsStream("disassembly.txt")) {
      assertThat(file).isNotNull();
      return new String(file.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    }
  }

  @Test
  void saysWhatObjdumpSays() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (String line : golden()) {
      String[] fields = line.split(" ", 3);
      long pc = Long.parseUnsignedLong(fields[0], 16);
      String text = Disassembler.text(Integer.parseUnsignedInt(fields[1], 16), pc);
      if (!text.equals(fields[2])) {
        wrong.add(line + " <> " + text);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void theGoldenFileHasEveryRow() throws IOException {
    Set<Encoding> missing = EnumSet.allOf(Encoding.class);
    for (String line : golden()) {
      int bits = Integer.parseUnsignedInt(line.split(" ", 3)[1], 16);
      missing.remove(Disassembler.encoding(Disassembler.expand(bits)));
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void whatIsNoInstructionStaysANumber() {
    assertThat(Disassembler.text(0xffff_ffff, 0)).isEqualTo(".word 0xffffffff");
    assertThat(Disassembler.text(0, 0)).isEqualTo(".half 0x0000");
    assertThat(Disassembler.text(0x7ff0_1073, 0)).isEqualTo("csrrw zero,0x7ff,zero");
  }

  @Test
  void everyControlRegisterHasItsName() {
    try (GuestRam ram = GuestRam.allocate(0x8000_0000L, 1 << 20)) {
      Hart hart = new Hart(0, new PhysicalMemory(ram), new HartConfig(null), () -> 0);
      List<Integer> there = new ArrayList<>();
      for (int number = 0; number < 4096; number++) {
        try {
          hart.csr(number);
          there.add(number);
        } catch (IllegalArgumentException none) {
          assertThat(CsrNames.of(number)).startsWith("0x");
        }
      }
      assertThat(CsrNames.numbers()).isEqualTo(there);
    }
  }
}
