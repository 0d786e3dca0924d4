package brume.node.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import brume.hypervisor.machine.VirtualProcessorScheduler;
import brume.node.image.BuildImage;
import brume.node.image.ImageException;
import brume.node.image.ImageProgress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An unmodified Debian kernel, from the driver's point of view: it comes up, knows its name, does
/// what its user data says, and powers off when it is asked. Skipped where the image is not in the
/// user's cache and cannot be made; `BRUME_TEST_IMAGE` may name another one.
class DebianGuestTest {
  @TempDir Path folder;

  private record Heard(CompletableFuture<Long> ready, CompletableFuture<GuestEnd> end)
      implements GuestListener {
    @Override
    public void ready(long afterNanos) {
      ready.complete(afterNanos);
    }

    @Override
    public void ended(GuestEnd how) {
      end.complete(how);
      ready.completeExceptionally(new AssertionError("ended before it was ready: " + how));
    }
  }

  private static String source() {
    Map<String, String> environment = System.getenv();
    String named = environment.get("BRUME_TEST_IMAGE");
    if (named != null) {
      return named;
    }
    try {
      BuildImage.ofUser(environment).resolve("builtin:debian-micro", ImageProgress.silent());
    } catch (ImageException e) {
      assumeTrue(false, "skipped: the image debian-micro is missing: " + e.getMessage());
    }
    return "builtin:debian-micro";
  }

  @Test
  void debianComesUpRunsItsUserDataAndPowersOffWhenAsked() throws Exception {
    String source = source();
    Heard heard = new Heard(new CompletableFuture<>(), new CompletableFuture<>());
    String userData = "#!/bin/sh\necho \"this is $(hostname) on $(uname -m)\"\n";
    try (EmulatorHypervisor hypervisor =
        new EmulatorHypervisor(
            BuildImage.ofUser(System.getenv()),
            folder,
            VirtualProcessorScheduler.ofProcessors(),
            System::nanoTime,
            new SecureRandom())) {
      Guest guest =
          hypervisor.create(
              new GuestSpec(
                  "i-00000000000000001",
                  1,
                  1,
                  128,
                  100,
                  source,
                  "web-1",
                  Base64.getEncoder().encodeToString(userData.getBytes(StandardCharsets.UTF_8))),
              heard);
      try {
        guest.start();
        long millis = TimeUnit.NANOSECONDS.toMillis(heard.ready().get(120, TimeUnit.SECONDS));
        System.out.printf(
            "ready after %d ms, %d million instructions, %d MiB touched%n",
            millis,
            guest.counters().instructions() / 1_000_000,
            guest.counters().memoryTouchedBytes() >> 20);
        awaitText(guest, "this is web-1 on riscv64");
        guest.shutdown();
        assertThat(heard.end().get(60, TimeUnit.SECONDS)).isEqualTo(new GuestEnd.PoweredOff());
      } catch (Exception | AssertionError failed) {
        throw new AssertionError("the console said:\n" + text(guest), failed);
      } finally {
        guest.destroy();
      }
    }
  }

  private static void awaitText(Guest guest, String wanted) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!text(guest).contains(wanted)) {
      assertThat(System.nanoTime()).as("60 s are over").isLessThan(end);
      Thread.sleep(20);
    }
  }

  private static String text(Guest guest) {
    return new String(guest.console().tail(20_000), StandardCharsets.UTF_8);
  }
}
