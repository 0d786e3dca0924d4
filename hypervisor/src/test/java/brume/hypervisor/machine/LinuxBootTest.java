package brume.hypervisor.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The image debian-micro, an unmodified Debian kernel with our init, in a machine of two harts
/// with a disk. Skipped where the image has not been made yet, as that needs a Debian mirror.
class LinuxBootTest {
  @TempDir Path folder;

  @Test
  @Timeout(240)
  void debianBootsSaysReadyObeysTheShellAndShutsDown() throws Exception {
    DebianImage image = DebianImage.cached();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    BlockingQueue<String> said = new ArrayBlockingQueue<>(10);
    BootConfig boot = new BootConfig.Kernel(image.kernel(), image.initrd(), image.commandLine());
    Path disk = TestGuests.write(folder.resolve("disk"), new byte[1 << 20]);
    MachineConfig config =
        MachineConfig.builder("debian", boot)
            .memoryBytes(128 << 20)
            .harts(2)
            .disk(DiskConfig.overlaid(disk, folder.resolve("overlay")))
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
      byte[] command =
          "nproc; echo written > /dev/vda; sync; echo end of te''st\n"
              .getBytes(StandardCharsets.US_ASCII);
      assertThat(machine.type(command, 0, command.length)).isEqualTo(command.length);
      while (!printed(printed).contains("end of test\r\n")) {
        Thread.sleep(20);
      }
      assertThat(printed(printed)).contains("\r\n2\r\n");
      suspendAndWake(machine, printed);
      assertThat(machine.counters().disk().bytesFromGuest()).isPositive();
      assertThat(machine.counters().faults()).isZero();
      assertThat(machine.requestShutdown()).isTrue();
      assertThat(machine.awaitExit()).isEqualTo(new MachineExit.PoweredOff(0));
    }
    assertThat(Files.readAllBytes(disk)).as("the base").isEqualTo(new byte[1 << 20]);
    assertThat(new String(Files.readAllBytes(folder.resolve("overlay")), StandardCharsets.US_ASCII))
        .contains("written");
  }

  /// Through SBI's HSM and SUSP: Linux stops the second hart, sleeps, and a keystroke wakes it.
  private static void suspendAndWake(VirtualMachine machine, ByteArrayOutputStream printed)
      throws InterruptedException {
    byte[] command =
        ("for f in $(find /sys -path '*serial*/power/wakeup'); do echo enabled > $f; done;"
                + " echo mem > /sys/power/state; dmesg | grep -o 'PM: suspend exit'; echo wo''ken\n")
            .getBytes(StandardCharsets.US_ASCII);
    machine.type(command, 0, command.length);
    while (!printed(printed).contains("woken\r\n")) {
      Thread.sleep(100);
      machine.type(new byte[] {'\n'}, 0, 1);
    }
    assertThat(printed(printed)).contains("\r\nPM: suspend exit\r\n");
  }

  private static String printed(ByteArrayOutputStream printed) {
    synchronized (printed) {
      return printed.toString(StandardCharsets.US_ASCII);
    }
  }
}
