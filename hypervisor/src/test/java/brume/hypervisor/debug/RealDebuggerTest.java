package brume.hypervisor.debug;

import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.machine.Assembler;
import brume.hypervisor.machine.BootConfig;
import brume.hypervisor.machine.MachineConfig;
import brume.hypervisor.machine.MachineExit;
import brume.hypervisor.machine.TestGuests;
import brume.hypervisor.machine.VirtualMachine;
import brume.hypervisor.machine.VirtualProcessorScheduler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// GDB itself: Debian's `gdb-multiarch`, or the program that `BRUME_GDB` names. Skipped where
/// neither is there.
@Timeout(120)
class RealDebuggerTest {
  @TempDir Path folder;

  private static final List<String> COMMANDS =
      List.of(
          "set confirm off",
          "set architecture riscv:rv64",
          "target remote 127.0.0.1:%d",
          "info threads",
          "p/x $pc",
          "hbreak *0x80000010",
          "continue",
          "p/x $s0",
          "stepi",
          "p/x $pc",
          "watch *(long *)0x80001800",
          "continue",
          "x/2gx 0x80001800",
          "set var $s1 = 1",
          "p/x $mhartid",
          "p $priv",
          "p/x $mstatus",
          "set var *(int *)0x80001810 = 0x1234",
          "x/1wx 0x80001810",
          "x/2i $pc",
          "thread 2",
          "p/x $mhartid",
          "monitor harts",
          "delete",
          "continue");

  @Test
  void gdbDebugsTheGuestToItsEnd() throws Exception {
    Assembler code = new Assembler();
    code.csrr(Assembler.T0, 0xf14).bne(Assembler.T0, Assembler.ZERO, "second");
    // auipc s2, 1; addi s2, s2, 0x7f8: 0x80001800.
    code.word(0x0000_1917).addi(Assembler.S2, Assembler.S2, 0x7f8);
    code.label("loop").addi(Assembler.S0, Assembler.S0, 1);
    code.store(8, Assembler.S0, 0, Assembler.S2);
    code.beq(Assembler.S1, Assembler.ZERO, "loop");
    TestGuests.exit(code, 3);
    code.label("second").wfi().j("second");
    Path elf = TestGuests.elf(folder.resolve("guest"), code);
    RunControl control = new RunControl();
    MachineConfig config =
        MachineConfig.builder("debugged", new BootConfig.BareMetal(elf))
            .memoryBytes(2 << 20)
            .harts(2)
            .runner(control)
            .build();
    try (VirtualProcessorScheduler scheduler = new VirtualProcessorScheduler(1);
        VirtualMachine machine = VirtualMachine.create(config, scheduler);
        DebugServer server = DebugServer.open(DebugServer.address("0"), machine, control)) {
      String said = converse(server.address().getPort());
      assertThat(said)
          .containsSubsequence(
              "Thread 1",
              "hart 0, M-mode, runs",
              "Thread 2",
              "$1 = 0x80000000",
              "Breakpoint 1, 0x0000000080000010",
              "$2 = 0x0",
              "$3 = 0x80000014",
              "Hardware watchpoint 2",
              "Old value = 0",
              "New value = 1",
              "0x80001800:\t0x0000000000000001\t0x0000000000000000",
              "$4 = 0x0",
              "$5 = 3",
              "$6 = 0xa00000000",
              "0x80001810:\t0x00001234",
              "beqz\ts1,0x80000010",
              "Switching to thread 2",
              "$7 = 0x1",
              "hart 1, M-mode",
              "exited with code 03");
      assertThat(machine.awaitExit()).isEqualTo(new MachineExit.PoweredOff(3));
    }
  }

  private String converse(int port) throws IOException, InterruptedException {
    String program = System.getenv().getOrDefault("BRUME_GDB", "gdb-multiarch");
    List<String> command = new ArrayList<>(List.of(program, "-q", "-nx", "-batch"));
    for (String each : COMMANDS) {
      command.add("-ex");
      command.add(each.formatted(port));
    }
    Process gdb;
    try {
      gdb =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .start();
    } catch (IOException absent) {
      return Assumptions.abort(
          program + " is not installed: install gdb-multiarch, or let BRUME_GDB name a GDB");
    }
    try {
      return new String(gdb.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      gdb.destroy();
      gdb.waitFor();
    }
  }
}
