package brume.node.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.contract.EndCause;
import brume.contract.Intent;
import brume.contract.Resources;
import brume.contract.VmState;
import brume.contract.sync.DesiredVm;
import brume.contract.sync.NodeCredential;
import brume.contract.sync.VmEvent;
import brume.node.capacity.Admission;
import brume.node.capacity.MemoryProbe;
import brume.node.hypervisor.SimulatedHypervisor;
import brume.node.sync.FakeScheduler.Mishap;
import brume.node.vm.MonotonicClock;
import brume.node.vm.VmTable;
import brume.node.vm.VmWatcher;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// The link over real HTTP, with a scheduler that loses, repeats and breaks what it can.
class SchedulerLinkTest {
  private static final String ID = "i-00000000000000001";

  @TempDir Path data;
  private final AtomicLong skippedNanos = new AtomicLong();
  private final MonotonicClock clock = () -> System.nanoTime() + skippedNanos.get();
  private final SimulatedHypervisor hypervisor = new SimulatedHypervisor();
  private final Lease lease = new Lease(clock);
  private final VmTable table =
      new VmTable(
          hypervisor,
          new Plenty(),
          clock,
          VmWatcher.NONE,
          new VmTable.Settings(
              new Admission(new Resources(1_000, 100_000), 0),
              Duration.ofMillis(50),
              Duration.ofMinutes(5)));
  private FakeScheduler scheduler;
  private SchedulerLink link;

  private record Plenty() implements MemoryProbe {
    @Override
    public long totalBytes() {
      return 1L << 40;
    }

    @Override
    public long availableBytes() {
      return 1L << 40;
    }
  }

  @BeforeEach
  void open() throws IOException {
    scheduler = new FakeScheduler();
  }

  @AfterEach
  void close() throws InterruptedException {
    if (link != null) {
      link.stop();
      link.close();
    }
    scheduler.close();
  }

  private void start(URI uri, String joinToken, int waitMillis) {
    link =
        new SchedulerLink(
            new SchedulerLink.Settings(
                uri,
                "node-a",
                "a",
                "http://127.0.0.1:9100",
                "token",
                new Resources(1_000, 100_000),
                joinToken,
                data,
                waitMillis,
                5,
                20),
            "boot-1",
            table,
            lease,
            clock,
            new Random(1),
            JsonMapper.builder().build());
    link.start();
  }

  private void start() {
    start(scheduler.uri(), FakeScheduler.JOIN_TOKEN, 200);
  }

  private static DesiredVm desired(String id, Intent intent, long epoch, long generation) {
    return new DesiredVm(
        id, epoch, generation, intent, 0, 1, 64, 10, "builtin:debian-micro", "host", null);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void whateverGoesWrongOnTheWayEachEventArrivesOnceAndInOrder(long seed) {
    Random random = new Random(seed);
    scheduler.leaseMillis(60_000);
    List<Mishap> mishaps = List.of(Mishap.values());
    scheduler.mishaps(
        call -> random.nextInt(2) == 0 ? Mishap.NONE : mishaps.get(random.nextInt(mishaps.size())));
    start();
    int many = 20;
    for (int i = 1; i <= many; i++) {
      scheduler.desire(desired("i-%017x".formatted(i), Intent.RUN, i, 1));
    }
    for (int i = 1; i <= many; i++) {
      String id = "i-%017x".formatted(i);
      scheduler.awaitEvent(id, VmState.RUNNING);
      scheduler.desire(desired(id, i % 2 == 0 ? Intent.STOP : Intent.TERMINATE, i, 2));
    }
    for (int i = 1; i <= many; i++) {
      String id = "i-%017x".formatted(i);
      scheduler.awaitEvent(id, VmState.GONE);
      assertThat(scheduler.statesOf(id))
          .as("seed %d", seed)
          .containsExactly(VmState.STARTING, VmState.RUNNING, VmState.STOPPING, VmState.GONE);
    }
    assertThat(scheduler.events()).extracting(VmEvent::sequence).isSorted();
    FakeScheduler.await("all acknowledged", () -> table.eventsPending() == 0);
  }

  @Test
  void anEventDoesNotWaitForThePollToReturn() {
    scheduler.leaseMillis(120_000); // so that a poll is held for 20 s
    start(scheduler.uri(), FakeScheduler.JOIN_TOKEN, 20_000);
    scheduler.desire(desired(ID, Intent.RUN, 1, 1));
    scheduler.awaitEvent(ID, VmState.RUNNING);
    hypervisor.powerOff(ID);
    assertThat(scheduler.awaitEvent(ID, VmState.GONE).cause()).isEqualTo(EndCause.GUEST_POWEROFF);
  }

  @Test
  void aLeaseThatEndsEndsEveryVmAndNothingStartsUntilTheSchedulerIsBack() {
    start();
    scheduler.desire(desired(ID, Intent.RUN, 1, 1));
    scheduler.awaitEvent(ID, VmState.RUNNING);
    scheduler.mishaps(call -> Mishap.ERROR);
    int calls = scheduler.calls();
    FakeScheduler.await("the link's trouble", () -> link.trouble().isPresent());
    assertThat(link.trouble().orElseThrow()).contains("503");
    assertThat(hypervisor.running()).as("a lease outlasts lost calls").hasSize(1);

    skippedNanos.addAndGet(Duration.ofSeconds(2).toNanos());
    FakeScheduler.await("no VM", () -> hypervisor.running().isEmpty());
    assertThat(lease.leftNanos()).isEmpty();
    assertThat(table.knownVersion()).isNull();
    table.reconcile();
    assertThat(hypervisor.running()).isEmpty();
    FakeScheduler.await("more tries", () -> scheduler.calls() > calls + 3);

    scheduler.mishaps(call -> Mishap.NONE);
    VmEvent end = scheduler.awaitEvent(ID, VmState.FAILED);
    assertThat(end.cause()).isEqualTo(EndCause.NODE_LOST);
    FakeScheduler.await("the desired set again", () -> table.knownVersion() != null);
    assertThat(hypervisor.running()).as("that epoch is over").isEmpty();
    scheduler.desire(desired(ID, Intent.RUN, 2, 1));
    FakeScheduler.await("the next epoch", () -> !hypervisor.running().isEmpty());
    assertThat(link.trouble()).isEmpty();
  }

  @Test
  void aSchedulerThatNeverAnswersWholeIsLostToo() {
    scheduler.leaseMillis(1_500);
    start();
    scheduler.desire(desired(ID, Intent.RUN, 1, 1));
    scheduler.awaitEvent(ID, VmState.RUNNING);
    scheduler.mishaps(call -> Mishap.GARBAGE);
    FakeScheduler.await("no VM", () -> hypervisor.running().isEmpty());
    assertThat(link.trouble()).isPresent();
  }

  @Test
  void aNodeThatIsNotKnownSaysWhatToDo() {
    start();
    FakeScheduler.await("joined", () -> scheduler.calls() > 0);
    scheduler.knowsNode(false);
    FakeScheduler.await(
        "the refusal", () -> link.trouble().orElse("").contains("refuses this node"));
    assertThat(link.trouble().orElseThrow()).contains("401").contains("send the secret");
  }

  @Test
  void aJoinTokenThatIsRefusedSaysWhy() {
    start(scheduler.uri(), "used up", 200);
    FakeScheduler.await(
        "the refusal", () -> link.trouble().orElse("").contains("ask the operator for another"));
    assertThat(data.resolve("credential.json")).doesNotExist();
  }

  @Test
  void aNodeWithoutTokenAndCredentialAsksForOne() {
    start(scheduler.uri(), null, 200);
    FakeScheduler.await(
        "the refusal", () -> link.trouble().orElse("").contains("brume.node.join-token"));
  }

  @Test
  void aNameThatNoSchedulerTakesIsRefusedAtTheStart() {
    SchedulerLink.Settings settings =
        new SchedulerLink.Settings(
            scheduler.uri(),
            "Node A",
            "a",
            "http://127.0.0.1:9100",
            "token",
            Resources.NONE,
            "join",
            data,
            200,
            5,
            20);
    assertThatThrownBy(() ->
            new SchedulerLink(
                settings,
                "boot-1",
                table,
                lease,
                clock,
                new Random(1),
                JsonMapper.builder().build()))
        .hasMessageContaining("name must match")
        .hasMessageContaining("Node A");
  }

  @Test
  void aDamagedCredentialIsNotOverwritten() throws IOException {
    Path file = data.resolve("credential.json");
    Files.writeString(file, "{\"nodeId\": ");
    start();
    FakeScheduler.await("the damage", () -> link.trouble().orElse("").contains("damaged"));
    assertThat(Files.readString(file)).isEqualTo("{\"nodeId\": ");
    assertThat(scheduler.registrations()).isEmpty();
  }

  @Test
  void theCredentialIsWrittenWhollyOrNotAtAll() throws IOException {
    CredentialFile file = new CredentialFile(data, JsonMapper.builder().build());
    assertThat(file.read()).isEmpty();
    Files.writeString(data.resolve("credential.json.new"), "left by a crash");
    NodeCredential credential = new NodeCredential("node-00000000000000001", "s");
    file.write(credential);
    assertThat(file.read()).hasValue(credential);
    try (var files = Files.list(data)) {
      assertThat(files.toList()).containsExactlyElementsOf(List.of(file.path()));
    }
  }

  @Test
  void theLastEventsAreToldWithinTheirTime() throws InterruptedException {
    start();
    scheduler.desire(desired(ID, Intent.RUN, 1, 1));
    scheduler.awaitEvent(ID, VmState.RUNNING);
    link.stop();
    table.close(Duration.ofSeconds(5));
    assertThat(link.tellLast(Duration.ofSeconds(10))).isTrue();
    assertThat(scheduler.awaitEvent(ID, VmState.GONE).cause()).isEqualTo(EndCause.NODE_RESTARTED);
    assertThat(scheduler.lastRequest().capacity()).isEqualTo(Resources.NONE);
    scheduler.mishaps(call -> Mishap.ERROR);
    assertThat(link.tellLast(Duration.ofMillis(300))).isFalse();
  }
}
