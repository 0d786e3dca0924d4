package brume.compute.ec2;

import brume.compute.ec2.SharedAction.Asked;
import brume.compute.ec2.SharedAction.Outcome;
import brume.compute.gather.Gathering;
import brume.compute.gather.Gathering.Waiting;
import brume.compute.resource.Scope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.TransactionTemplate;

/// Calls of an account that come at once, in one transaction. They would wait for each other at the
/// account's row in any case, each with a connection of its own and for a commit of its own. What
/// is refused before anything is written is refused alone; where the writing fails all are taken
/// back, and each is done alone.
@Component
class Together {
  private static final int QUEUES = 16;
  private static final int TOGETHER_MAX = 64;

  private final SharedAction action;
  private final TransactionTemplate transactions;
  private final List<Gathering<Asked, Record>> queues;

  Together(SharedAction action, PlatformTransactionManager transactions) {
    this.action = action;
    this.transactions = new TransactionTemplate(transactions);
    this.queues =
        IntStream.range(0, QUEUES)
            .mapToObj(queue ->
                new Gathering<Asked, Record>(
                    action.name() + "-" + queue, 1, TOGETHER_MAX, this::run))
            .toList();
  }

  boolean takes(Operation operation) {
    return operation.name().equals(action.name());
  }

  /// Answers once it is durable, or throws why it is refused. It may be begun twice, of which one
  /// was taken back.
  Record run(Ec2Call call, Record request) {
    return queues
        .get(Math.floorMod(call.accountId().hashCode(), QUEUES))
        .ask(new Asked(call, request));
  }

  private void run(List<Waiting<Asked, Record>> all) {
    Map<Scope, List<Waiting<Asked, Record>>> byScope = new LinkedHashMap<>();
    all.forEach(one ->
        byScope
            .computeIfAbsent(one.question().call().scope(), ignored -> new ArrayList<>())
            .add(one));
    byScope.values().forEach(this::runOfOneScope);
  }

  /// One token twice is the same request again: it waits for the first one's answer to be kept.
  private void runOfOneScope(List<Waiting<Asked, Record>> all) {
    List<Waiting<Asked, Record>> left = all;
    while (!left.isEmpty()) {
      Set<String> tokens = new HashSet<>();
      List<Waiting<Asked, Record>> now = new ArrayList<>();
      List<Waiting<Asked, Record>> later = new ArrayList<>();
      for (Waiting<Asked, Record> one : left) {
        String token = action.token(one.question().request());
        (token == null || tokens.add(token) ? now : later).add(one);
      }
      together(now);
      left = later;
    }
  }

  private void together(List<Waiting<Asked, Record>> all) {
    List<Outcome> outcomes;
    try {
      outcomes =
          Objects.requireNonNull(
              transactions.execute(status -> {
                List<Outcome> done = action.doAll(all.stream().map(Waiting::question).toList());
                RuntimeException refused = done.getFirst().refused();
                if (all.size() == 1 && refused != null) {
                  throw refused;
                }
                return done;
              }));
    } catch (RuntimeException fault) {
      if (all.size() > 1 && isRolledBack(fault)) {
        all.forEach(one -> together(List.of(one)));
      } else {
        all.forEach(one -> one.answer().completeExceptionally(fault));
      }
      return;
    }
    for (int i = 0; i < all.size(); i++) {
      RuntimeException refused = outcomes.get(i).refused();
      if (refused == null) {
        all.get(i).answer().complete(outcomes.get(i).answer());
      } else {
        all.get(i).answer().completeExceptionally(refused);
      }
    }
  }

  /// Whether nothing of it can have become durable: of a commit that got no answer nobody knows.
  private static boolean isRolledBack(RuntimeException fault) {
    return fault instanceof DataIntegrityViolationException
        || fault instanceof UnexpectedRollbackException
        || !(fault instanceof DataAccessException || fault instanceof TransactionException);
  }
}
