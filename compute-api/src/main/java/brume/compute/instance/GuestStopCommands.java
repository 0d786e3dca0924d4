package brume.compute.instance;

import brume.contract.EndCause;
import brume.contract.Intent;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// A guest that powers itself off, or fails, is a client that issues STOP: this turns the fact into
/// the intent. Several may run at once: whichever comes second finds another generation and leaves
/// it.
@Component
public class GuestStopCommands {
  private static final Logger LOG = LoggerFactory.getLogger(GuestStopCommands.class);
  private static final int ROUND_MAX = 200;
  private static final int REASON_LENGTH_MAX = 500;
  private static final InstanceStore.ChangedBy GUEST =
      new InstanceStore.ChangedBy("guest", "guest");

  private final InstanceStore store;
  private final Clock clock;

  GuestStopCommands(InstanceStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  @Transactional
  public void round() {
    List<Instance> ended = store.endedByGuest(ROUND_MAX);
    for (Instance instance : ended) {
      Fact.Vm vm = Objects.requireNonNull(Objects.requireNonNull(instance.fact()).vm());
      IntentCause cause =
          vm.cause() == EndCause.GUEST_POWEROFF
              ? IntentCause.GUEST_POWEROFF
              : IntentCause.GUEST_FAILURE;
      String reason = vm.reason();
      if (reason != null && reason.length() > REASON_LENGTH_MAX) {
        reason = reason.substring(0, REASON_LENGTH_MAX);
      }
      boolean changed =
          store.change(
              instance.id(),
              instance.generation(),
              store.endsWithItsGuest(instance.id()) ? Intent.TERMINATE : Intent.STOP,
              cause,
              reason,
              GUEST,
              clock.instant());
      if (changed) {
        LOG.info("{} ends its run: {}", instance.id(), cause);
      }
    }
  }
}
