package brume.compute.instance;

import brume.compute.access.Caller;
import brume.compute.gather.Gathering;
import brume.compute.refusal.Refused;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/// Launches that come at once, in one transaction for an account. They would wait for each other at
/// the account's row in any case, and each for a commit; together they wait for one. Accounts share
/// a few queues, so that one that is busy holds up few others.
@Component
public class InstanceLaunches {
  private static final Logger LOG = LoggerFactory.getLogger(InstanceLaunches.class);
  private static final int QUEUES = 16;
  private static final int TOGETHER_MAX = 64;

  private final InstanceCommands commands;
  private final List<Gathering<InstanceCommands.Asked, Reservation>> queues;

  InstanceLaunches(InstanceCommands commands) {
    this.commands = commands;
    this.queues =
        IntStream.range(0, QUEUES)
            .mapToObj(queue ->
                new Gathering<InstanceCommands.Asked, Reservation>(
                    "launches-" + queue, 1, TOGETHER_MAX, this::launch))
            .toList();
  }

  /// Answers once the launch is durable. Throws a refusal where it is refused.
  public Reservation run(Caller caller, RunInstances wanted) {
    return queues
        .get(Math.floorMod(caller.accountId().hashCode(), QUEUES))
        .ask(new InstanceCommands.Asked(caller, wanted, InstanceStore.REGION));
  }

  private void launch(List<Gathering.Waiting<InstanceCommands.Asked, Reservation>> together) {
    Map<String, List<Gathering.Waiting<InstanceCommands.Asked, Reservation>>> byAccount =
        new LinkedHashMap<>();
    together.forEach(one ->
        byAccount
            .computeIfAbsent(one.question().caller().accountId(), ignored -> new ArrayList<>())
            .add(one));
    byAccount.values().forEach(this::launchOfAccount);
  }

  /// One key twice is the same request again: it waits for the first one's answer to be kept.
  private void launchOfAccount(List<Gathering.Waiting<InstanceCommands.Asked, Reservation>> all) {
    List<Gathering.Waiting<InstanceCommands.Asked, Reservation>> left = all;
    while (!left.isEmpty()) {
      Set<String> keys = new HashSet<>();
      List<Gathering.Waiting<InstanceCommands.Asked, Reservation>> now = new ArrayList<>();
      List<Gathering.Waiting<InstanceCommands.Asked, Reservation>> later = new ArrayList<>();
      for (var one : left) {
        String key = one.question().caller().idempotencyKey();
        (key == null || keys.add(key) ? now : later).add(one);
      }
      launchTogether(now);
      left = later;
    }
  }

  private void launchTogether(List<Gathering.Waiting<InstanceCommands.Asked, Reservation>> all) {
    List<InstanceCommands.Outcome> outcomes;
    try {
      outcomes = commands.runAll(all.stream().map(Gathering.Waiting::question).toList());
    } catch (RuntimeException fault) {
      if (all.size() > 1 && isRolledBack(fault)) {
        LOG.warn("{} launches are tried alone, as they failed together", all.size(), fault);
        all.forEach(one -> launchTogether(List.of(one)));
      } else {
        all.forEach(one -> one.answer().completeExceptionally(fault));
      }
      return;
    }
    for (int i = 0; i < all.size(); i++) {
      InstanceCommands.Outcome outcome = outcomes.get(i);
      Refused refused = outcome.refused();
      if (refused == null) {
        all.get(i).answer().complete(Objects.requireNonNull(outcome.launched()));
      } else {
        all.get(i).answer().completeExceptionally(refused);
      }
    }
  }

  /// Whether nothing of it can have become durable. Of a commit that got no answer nobody knows:
  /// doing it again might launch twice, and only a client with a key may ask again.
  private static boolean isRolledBack(RuntimeException fault) {
    return fault instanceof DataIntegrityViolationException
        || !(fault instanceof DataAccessException || fault instanceof TransactionException);
  }
}
