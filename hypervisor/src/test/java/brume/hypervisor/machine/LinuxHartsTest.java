package brume.hypervisor.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Debian's kernel with four harts that all have something to do: processes that compute, start
/// others and talk through pipes, moved about between harts. Skipped as [LinuxBootTest] is.
class LinuxHartsTest {
  private static final int HARTS = 4;

  /// `-Dbrume.stress=100` for hours of it.
  private static final int ROUNDS = 60 * Integer.getInteger("brume.stress", 1);

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @Test
  @Timeout(value = 4, unit = TimeUnit.HOURS) // For the long run; the short one takes seconds.
  void fourHartsAreKeptBusy() throws Exception {
    DebianImage image = DebianImage.cached();
    BlockingQueue<String> said = new ArrayBlockingQueue<>(10);
    BootConfig boot = new BootConfig.Kernel(image.kernel(), image.initrd(), image.commandLine());
    MachineConfig config =
        MachineConfig.builder("harts", boot)
            .memoryBytes(192 << 20)
            .harts(HARTS)
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
      assertThat(said.poll(200, TimeUnit.SECONDS)).isEqualTo("ready");
      long cpu = machine.counters().cpuNanos();
      long began = System.nanoTime();
      // The sum of 1 to 50, through a process and a pipe each time, in four shells at once.
      type(
          machine,
          "work() { s=0; i=0; while [ $i -lt "
              + ROUNDS
              + " ]; do i=$((i+1)); s=$((s+$(echo $((i%50+1)) | cat))); done; echo sum=$s; }; "
              + "for k in 1 2 3 4; do work & done; wait; grep '^cpu[0-9]' /proc/stat; "
              + "dmesg | grep -ciE 'oops|BUG|stall|lockup'; echo en''d\n");
      while (!printed().contains("end\r\n")) {
        Thread.sleep(20);
      }
      System.out.printf(
          "LinuxHartsTest: %.2f s of processor time in %.2f s%n",
          (machine.counters().cpuNanos() - cpu) / 1e9, (System.nanoTime() - began) / 1e9);
      long expected = 0;
      for (int i = 1; i <= ROUNDS; i++) {
        expected += i % 50 + 1;
      }
      assertThat(printed().split("sum=" + expected + "\r\n", -1)).hasSize(5);
      Matcher busy = Pattern.compile("(?m)^cpu(\\d) (\\d+) \\d+ (\\d+) ").matcher(printed());
      int harts = 0;
      while (busy.find()) {
        harts++;
        assertThat(Long.parseLong(busy.group(2)) + Long.parseLong(busy.group(3)))
            .as("ticks of work on hart %s", busy.group(1))
            .isPositive();
      }
      assertThat(harts).isEqualTo(HARTS);
      assertThat(printed()).as("complaints of the kernel").contains("\r\n0\r\nend\r\n");
      assertThat(machine.requestShutdown()).isTrue();
      assertThat(machine.awaitExit()).isEqualTo(new MachineExit.PoweredOff(0));
    }
  }

  private static void type(VirtualMachine machine, String command) {
    byte[] keys = command.getBytes(StandardCharsets.US_ASCII);
    assertThat(machine.type(keys, 0, keys.length)).isEqualTo(keys.length);
  }

  private String printed() {
    synchronized (printed) {
      return printed.toString(StandardCharsets.US_ASCII);
    }
  }
}
