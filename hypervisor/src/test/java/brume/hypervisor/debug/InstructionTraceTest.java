package brume.hypervisor.debug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.hypervisor.machine.Assembler;
import brume.hypervisor.machine.BootConfig;
import brume.hypervisor.machine.MachineConfig;
import brume.hypervisor.machine.MachineExit;
import brume.hypervisor.machine.TestGuests;
import brume.hypervisor.machine.VirtualMachine;
import brume.hypervisor.machine.VirtualProcessorScheduler;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class InstructionTraceTest {
  @TempDir Path folder;

  /// Takes a trap, then a software interrupt, does something with a float, and ends.
  private static Assembler program() {
    Assembler code = new Assembler();
    code.la(Assembler.T0, "trapped").csrw(0x305, Assembler.T0).ecall();
    code.label("trapped").la(Assembler.T0, "interrupted").csrw(0x305, Assembler.T0);
    code.addi(Assembler.T0, 0, 8).csrw(0x304, Assembler.T0).csrw(0x300, Assembler.T0);
    // lui t1, 0x2000: the ACLINT's MSIP of hart 0.
    code.word(0x0200_0337).li(Assembler.T2, 1).store(4, Assembler.T2, 0, Assembler.T1);
    code.label("never").j("never");
    code.label("interrupted").li(Assembler.T0, 1 << 13).csrw(0x300, Assembler.T0);
    // fcvt.d.w ft0, t0; c.nop twice.
    code.word(0xd202_8053).word(0x0001_0001);
    return TestGuests.exit(code, 0);
  }

  private String trace(long from, long limit) throws Exception {
    Path file = folder.resolve("trace");
    Path elf = TestGuests.elf(folder.resolve("guest"), program());
    try (InstructionTrace trace = new InstructionTrace(file, from, limit)) {
      MachineConfig config =
          MachineConfig.builder("traced", new BootConfig.BareMetal(elf))
              .memoryBytes(2 << 20)
              .runner(trace)
              .build();
      try (VirtualProcessorScheduler scheduler = new VirtualProcessorScheduler(1);
          VirtualMachine machine = VirtualMachine.create(config, scheduler)) {
        machine.start();
        assertThat(machine.awaitExit()).isEqualTo(new MachineExit.PoweredOff(0));
      }
    }
    return Files.readString(file);
  }

  @Test
  void everyInstructionTrapAndInterruptIsALine() throws Exception {
    try (InputStream golden = InstructionTraceTest.class.getResourceAsStream("trace.txt")) {
      assertThat(golden).isNotNull();
      assertThat(trace(0, 23))
          .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.US_ASCII));
    }
  }

  @Test
  void theRestIsCutAtTheLimitAndTheGuestGoesOn() throws Exception {
    assertThat(trace(2, 3).lines())
        .hasSize(4)
        .last()
        .isEqualTo("# the limit of lines is reached; the guest goes on");
  }

  @ParameterizedTest
  @CsvSource({"-1, 1", "0, 0", "0, 1000000001"})
  void limitsAreChecked(long from, long limit) {
    assertThatThrownBy(() -> new InstructionTrace(folder.resolve("trace"), from, limit))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("trace: ");
  }
}
