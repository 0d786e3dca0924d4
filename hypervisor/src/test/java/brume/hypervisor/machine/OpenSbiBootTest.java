package brume.hypervisor.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A full machine: OpenSBI, somebody else's firmware, in M-mode, and above it Debian's kernel. What
/// the hypervisor answers itself in a paravirtual machine is here the machine's own M-mode, PMP,
/// ACLINT and delegation.
///
/// The firmware is `fw_dynamic.bin` of Debian's package `opensbi`: the file that the property
/// `brume.opensbi` or the variable `BRUME_OPENSBI` names, else the installed one, else
/// `~/.cache/brume/firmware/fw_dynamic.bin`. Skipped where none is there.
class OpenSbiBootTest {
  private static Path firmware() {
    String named = System.getProperty("brume.opensbi", System.getenv("BRUME_OPENSBI"));
    if (named != null) {
      return Path.of(named);
    }
    List<Path> places =
        List.of(
            Path.of("/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin"),
            Path.of(System.getProperty("user.home"), ".cache/brume/firmware/fw_dynamic.bin"));
    return places.stream()
        .filter(Files::exists)
        .findFirst()
        .orElseGet(() ->
            Assumptions.abort(
                "no OpenSBI: install the package opensbi, or let BRUME_OPENSBI name fw_dynamic.bin;"
                    + " looked at "
                    + places));
  }

  @Test
  @Timeout(240)
  void debianBootsToItsShellOnOpenSbiAndPowersOff() throws Exception {
    DebianImage image = DebianImage.cached();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    BlockingQueue<String> said = new ArrayBlockingQueue<>(10);
    MachineConfig config =
        MachineConfig.builder(
                "opensbi",
                new BootConfig.Firmware(
                    firmware(), image.kernel(), image.initrd(), image.commandLine()))
            .memoryBytes(128 << 20)
            .harts(2)
            .console((bytes, offset, length) -> {
              synchronized (printed) {
                printed.write(bytes, offset, length);
              }
            })
            .control(said::offer)
            .build();
    try (VirtualProcessorScheduler scheduler = VirtualProcessorScheduler.ofProcessors();
        VirtualMachine machine = VirtualMachine.create(config, scheduler)) {
      machine.start();
      assertThat(said.poll(200, TimeUnit.SECONDS)).as(text(printed)).isEqualTo("ready");
      byte[] command =
          "nproc; dmesg | grep -o 'SBI impl.*'; echo end of te''st; poweroff -f\n"
              .getBytes(StandardCharsets.US_ASCII);
      assertThat(machine.type(command, 0, command.length)).isEqualTo(command.length);
      assertThat(machine.awaitExit()).isEqualTo(new MachineExit.PoweredOff(0));
      assertThat(machine.counters().faults()).isZero();
    }
    String console = text(printed);
    assertThat(console).startsWith("\r\nOpenSBI v").contains("Boot HART Priv Version");
    List<String> answers = console.lines().dropWhile(line -> !line.contains("nproc")).toList();
    assertThat(answers).as("both harts, and OpenSBI's own number").contains("2", "end of test");
    try (Stream<String> lines = answers.stream()) {
      assertThat(lines).anyMatch(line -> line.startsWith("SBI implementation ID=0x1 "));
    }
  }

  private static String text(ByteArrayOutputStream printed) {
    synchronized (printed) {
      return printed.toString(StandardCharsets.US_ASCII);
    }
  }
}
