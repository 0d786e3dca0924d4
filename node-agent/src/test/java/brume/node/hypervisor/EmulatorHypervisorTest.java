package brume.node.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import brume.contract.EndCause;
import brume.contract.sync.VmCounters;
import brume.hypervisor.machine.VirtualProcessorScheduler;
import brume.node.image.ImageCache;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The driver with the real machine, and guests of a few instructions that need no download.
class EmulatorHypervisorTest {
  private static final String ID = "i-00000000000000001";

  @TempDir Path folder;
  private EmulatorHypervisor hypervisor;

  private static final class Listener implements GuestListener {
    private final CompletableFuture<GuestEnd> end = new CompletableFuture<>();

    @Override
    public void ready(long afterNanos) {}

    @Override
    public void ended(GuestEnd how) {
      assertThat(end.complete(how)).as("an end is told once").isTrue();
    }

    GuestEnd await() throws Exception {
      return end.get(120, TimeUnit.SECONDS);
    }
  }

  @BeforeEach
  void open() {
    hypervisor =
        new EmulatorHypervisor(
            new ImageCache(folder.resolve("cache"), List.of(), Clock.systemUTC()),
            folder.resolve("node"),
            new VirtualProcessorScheduler(2),
            System::nanoTime,
            new Random(1));
  }

  @AfterEach
  void close() {
    hypervisor.close();
  }

  private static GuestSpec spec(String source) {
    return new GuestSpec(ID, 3, 1, 16, 10, source, "web-1", null);
  }

  private Path guestFolder() {
    return folder.resolve("node/vms/" + ID + "-3");
  }

  private static String text(Guest guest) {
    return new String(guest.console().tail(1000), StandardCharsets.UTF_8);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("20 s are over").isLessThan(end);
      Thread.sleep(2);
    }
  }

  @Test
  void aGuestRunsPrintsAndPowersItselfOff() throws Exception {
    String source = new TinyKernel().print("hello\n").powerOff(0).writeTo(folder.resolve("image"));
    Listener listener = new Listener();
    hypervisor.prepare(source);
    Guest guest = hypervisor.create(spec(source), listener);
    assertThat(guest.counters().instructions()).isZero();
    guest.start();
    assertThat(listener.await()).isEqualTo(new GuestEnd.PoweredOff());
    assertThat(text(guest)).isEqualTo("hello\n");
    guest.destroy();
    assertThat(guest.counters().instructions()).isGreaterThan(20);
    assertThat(guestFolder()).doesNotExist();
    guest.destroy();
  }

  @Test
  void aGuestThatSaysItFailedIsBroken() throws Exception {
    String source = new TinyKernel().powerOff(1).writeTo(folder.resolve("image"));
    Listener listener = new Listener();
    Guest guest = hypervisor.create(spec(source), listener);
    guest.start();
    assertThat(listener.await())
        .isInstanceOfSatisfying(
            GuestEnd.Broken.class, broken -> assertThat(broken.reason()).contains("status"));
    guest.destroy();
  }

  @Test
  void aBusyGuestIsCutOffAtOnceAndCountsNoMore() throws Exception {
    String source = new TinyKernel().print("!").spin().writeTo(folder.resolve("image"));
    Listener listener = new Listener();
    Guest guest = hypervisor.create(spec(source), listener);
    guest.start();
    await(() -> guest.counters().instructions() > 10_000);
    guest.destroy();
    VmCounters atTheEnd = guest.counters();
    assertThat(atTheEnd.cpuNanos()).isPositive();
    Thread.sleep(20);
    assertThat(guest.counters().instructions()).isEqualTo(atTheEnd.instructions());
    assertThat(listener.end).as("what the host wants is no news").isNotDone();
    assertThat(text(guest)).isEqualTo("!");
  }

  @RepeatedTest(20) // the end of the old machine once raced with the beginning of the new one
  void aRebootBeginsAgainInTheSameGuestAndCountsOn() throws Exception {
    String source =
        new TinyKernel().print("up ").waitForInterrupts().writeTo(folder.resolve("image"));
    Listener listener = new Listener();
    Guest guest = hypervisor.create(spec(source), listener);
    guest.start();
    await(() -> text(guest).equals("up "));
    long before = guest.counters().instructions();
    guest.reboot();
    await(() -> text(guest).equals("up up "));
    await(() -> guest.counters().instructions() > before);
    assertThat(listener.end).isNotDone();
    guest.destroy();
  }

  @Test
  void aGuestsOwnResetsAreCountedAndRebootsFromOutsideAreNot() throws Exception {
    String source = new TinyKernel().print("up ").reset().writeTo(folder.resolve("image"));
    Guest guest = hypervisor.create(spec(source), new Listener());
    guest.start();
    await(() -> guest.counters().guestResets() > 3);
    guest.destroy();
    assertThat(text(guest)).startsWith("up up up up ");
    assertThat(guest.counters().guestResets()).isGreaterThan(3);

    String sleeper =
        new TinyKernel().print("up ").waitForInterrupts().writeTo(folder.resolve("sleeper"));
    Guest rebooted = hypervisor.create(spec(sleeper), new Listener());
    rebooted.start();
    await(() -> text(rebooted).equals("up "));
    rebooted.reboot();
    await(() -> text(rebooted).equals("up up "));
    assertThat(rebooted.counters().guestResets()).isZero();
    rebooted.destroy();
  }

  @Test
  void itsFilesCarryWhatTheUserGave() throws Exception {
    String source = new TinyKernel().spin().writeTo(folder.resolve("image"));
    String userData =
        Base64.getEncoder()
            .encodeToString("#!/bin/sh\necho mine\n".getBytes(StandardCharsets.UTF_8));
    Guest guest =
        hypervisor.create(
            new GuestSpec(ID, 3, 1, 16, 10, source, "web-1", userData), new Listener());
    byte[] initrd = Files.readAllBytes(guestFolder().resolve("initrd"));
    assertThat(new String(initrd, StandardCharsets.ISO_8859_1))
        .contains("etc/brume/user-data", "echo mine", "etc/brume/hostname", "web-1", ID);
    guest.destroy();
  }

  @Test
  void whatIsNoKernelIsRefusedByNameAndLeavesNothing() throws Exception {
    String source = TinyKernel.write(folder.resolve("image"), new byte[5000], 8);
    GuestRefused refused = refusal(spec(source));
    assertThat(refused.endCause()).isEqualTo(EndCause.GUEST_FAILURE);
    assertThat(refused).hasMessageContaining("kernel").hasMessageNotContaining(folder.toString());
    assertThat(guestFolder()).doesNotExist();
  }

  @Test
  void tooLittleMemoryForTheImageIsSaidInNumbers() throws Exception {
    String source = TinyKernel.write(folder.resolve("image"), new TinyKernel().spin().image(), 96);
    GuestRefused refused = refusal(spec(source));
    assertThat(refused.endCause()).isEqualTo(EndCause.GUEST_FAILURE);
    assertThat(refused).hasMessageContaining("96 MiB").hasMessageContaining("16");
  }

  @Test
  void anImageThatIsNotThereIsUnavailable() {
    GuestRefused refused =
        catchThrowableOfType(GuestRefused.class, () -> hypervisor.prepare("builtin:no-such-image"));
    assertThat(refused.endCause()).isEqualTo(EndCause.IMAGE_UNAVAILABLE);
    assertThat(refused).hasMessageContaining("no-such-image");
  }

  @Test
  void whatAnEarlierProcessLeftIsRemoved() throws IOException {
    Path left = folder.resolve("node/vms/i-00000000000000009-4");
    Files.createDirectories(left.resolve("deeper"));
    Files.write(left.resolve("deeper/overlay"), new byte[100]);
    Path other = folder.resolve("node/credential.json");
    Files.writeString(other, "{}");
    hypervisor.removeLeftovers();
    assertThat(left).doesNotExist();
    assertThat(other).exists();
  }

  private GuestRefused refusal(GuestSpec spec) {
    return catchThrowableOfType(GuestRefused.class, () -> hypervisor.create(spec, new Listener()));
  }
}
