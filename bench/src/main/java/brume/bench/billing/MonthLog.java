package brume.bench.billing;

import java.time.Instant;
import java.util.PriorityQueue;
import java.util.Random;

/// A month of starts and stops, in the order in which they happened. Instances come in batches of
/// one account, as in the trace, and each runs several times. Few accounts have most of them: the
/// `n`th part of the accounts has the root of the `n`th part of the batches.
final class MonthLog {
  private final ArrivalShape shape;
  private final Random random;
  private final int accounts;
  private final int resources;
  private final int runs;
  private final long from;
  private final long to;
  private final PriorityQueue<Life> due = new PriorityQueue<>();
  private long seq;
  private int made;

  /// @param runs of each resource, all over before the month is
  MonthLog(long seed, int accounts, int resources, int runs, Instant from, Instant to) {
    this.random = new Random(seed);
    this.shape = new ArrivalShape(random);
    this.accounts = accounts;
    this.resources = resources;
    this.runs = runs;
    this.from = from.toEpochMilli();
    this.to = to.toEpochMilli();
  }

  /// Hears of everything, in order.
  interface Listener {
    void born(int number, String id, String account, String type, Instant at);

    /// A run has begun, or ended.
    void turned(long seq, Life life, boolean on, long atMillis);
  }

  /// One instance, and where its runs stand.
  static final class Life implements Comparable<Life> {
    final String id;
    final String account;
    final String type;
    int epoch;
    long startedAt;
    long startedSeq;
    private boolean on;
    private long at;

    private Life(String id, String account, String type, long at) {
      this.id = id;
      this.account = account;
      this.type = type;
      this.at = at;
    }

    @Override
    public int compareTo(Life other) {
      return at == other.at ? id.compareTo(other.id) : Long.compare(at, other.at);
    }
  }

  static String account(int number) {
    return "%012d".formatted(100_000_000_000L + number);
  }

  long seq() {
    return seq;
  }

  void generate(Listener listener) {
    // The last tenth of the month sees no new ones, so that all find time for their runs.
    double between = (to - from) * 0.9 / resources;
    double next = from;
    while (made < resources) {
      int batch = Math.min(shape.batch(), resources - made);
      next += batch * between * (0.5 + random.nextDouble());
      long at = Math.min((long) next, to - 3600_000);
      turnUntil(at, listener);
      String account = account((int) (accounts * Math.pow(random.nextDouble(), 2)));
      String type = shape.type();
      for (int i = 0; i < batch; i++) {
        Life life = new Life("i-%017x".formatted(random.nextLong() >>> 8), account, type, at);
        listener.born(made++, life.id, account, type, Instant.ofEpochMilli(at));
        due.add(life);
      }
    }
    turnUntil(Long.MAX_VALUE, listener);
  }

  private void turnUntil(long until, Listener listener) {
    for (Life life = due.peek(); life != null && life.at < until; life = due.peek()) {
      due.remove();
      seq++;
      life.on = !life.on;
      if (life.on) {
        life.epoch++;
        life.startedAt = life.at;
        life.startedSeq = seq;
      }
      listener.turned(seq, life, life.on, life.at);
      int left = 2 * (runs - life.epoch) + (life.on ? 1 : 0);
      if (left > 0) {
        life.at = Math.min(life.at + shape.lifetimeMillis(), to - 1000L * left);
        due.add(life);
      }
    }
  }
}
