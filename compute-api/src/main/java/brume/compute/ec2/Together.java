package brume.compute.ec2;

import brume.compute.gather.Gathering;
import brume.compute.gather.Gathering.Waiting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/// Launches of an account that come at once, one after the other in one transaction. They would
/// wait for each other at the account's row in any case, each with a connection of its own and for
/// a commit of its own. When one of them is refused all are taken back, and each is done alone:
/// only the refused one hears of it.
@Component
class Together {
  private static final int QUEUES = 16;
  private static final int TOGETHER_MAX = 32;

  private final TransactionTemplate transactions;
  private final List<Gathering<Work, Record>> queues;

  /// What is to be done for an account, and gives an answer.
  private record Work(String accountId, Supplier<Record> work) {}

  Together(PlatformTransactionManager transactions) {
    this.transactions = new TransactionTemplate(transactions);
    this.queues =
        IntStream.range(0, QUEUES)
            .mapToObj(queue ->
                new Gathering<Work, Record>("ec2-launches-" + queue, 1, TOGETHER_MAX, this::run))
            .toList();
  }

  /// Answers once it is durable, or throws what the work threw. It may be begun twice, of which one
  /// was taken back.
  Record run(String accountId, Supplier<Record> work) {
    return queues.get(Math.floorMod(accountId.hashCode(), QUEUES)).ask(new Work(accountId, work));
  }

  private void run(List<Waiting<Work, Record>> all) {
    Map<String, List<Waiting<Work, Record>>> byAccount = new LinkedHashMap<>();
    all.forEach(one ->
        byAccount
            .computeIfAbsent(one.question().accountId(), ignored -> new ArrayList<>())
            .add(one));
    byAccount.values().forEach(this::together);
  }

  private void together(List<Waiting<Work, Record>> all) {
    List<Record> answers = new ArrayList<>();
    try {
      transactions.executeWithoutResult(
          status -> all.forEach(one -> answers.add(one.question().work().get())));
    } catch (RuntimeException fault) {
      if (all.size() > 1 && isRolledBack(fault)) {
        all.forEach(one -> together(List.of(one)));
      } else {
        all.forEach(one -> one.answer().completeExceptionally(fault));
      }
      return;
    }
    for (int i = 0; i < all.size(); i++) {
      all.get(i).answer().complete(answers.get(i));
    }
  }

  /// Whether nothing of it can have become durable: of a commit that got no answer nobody knows.
  private static boolean isRolledBack(RuntimeException fault) {
    return fault instanceof DataIntegrityViolationException
        || !(fault instanceof DataAccessException || fault instanceof TransactionException);
  }
}
