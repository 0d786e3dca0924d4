package brume.billing;

import brume.billing.meter.Transition;
import brume.contract.VmState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Random logs, from a seed. Most of what is in them is what schedulers write: starts, moves,
/// stops, lost nodes. Some of it none should: repeated and stale facts, clocks that step, lives of
/// a few milliseconds, ends of what never ran.
public final class LogGenerator {
  private static final int RESOURCES_MAX = 12;

  private final RandomGenerator random;
  private final Instant from;
  private final long spanMillis;
  private final List<Transition> log = new ArrayList<>();

  public LogGenerator(RandomGenerator random, Instant from, Instant to) {
    this.random = random;
    this.from = from;
    this.spanMillis = to.toEpochMilli() - from.toEpochMilli();
  }

  private static final class Life {
    private final String id;
    private final String account;
    private final String sku;
    private long epoch = 1;
    private long at;
    private VmState state = VmState.GONE;

    private Life(String id, String account, String sku, long at) {
      this.id = id;
      this.account = account;
      this.sku = sku;
      this.at = at;
    }
  }

  public List<Transition> generate(int length) {
    List<Life> lives = new ArrayList<>();
    int count = 1 + random.nextInt(RESOURCES_MAX);
    for (int i = 0; i < count; i++) {
      lives.add(
          new Life(
              "i-%017x".formatted(i + 1),
              "%012d".formatted(1 + random.nextInt(3)),
              random.nextBoolean() ? Books.NANO : Books.SMALL,
              from.toEpochMilli() + random.nextLong(spanMillis)));
    }
    long seq = 0;
    while (log.size() < length) {
      Life life = lives.get(random.nextInt(count));
      life.at += step();
      seq += 1;
      log.add(next(life, seq));
    }
    return List.copyOf(log);
  }

  /// From nothing to days, mostly seconds, now and then backwards.
  private long step() {
    return switch (random.nextInt(12)) {
      case 0 -> 0;
      case 1 -> -random.nextLong(5_000);
      case 2 -> random.nextLong(spanMillis / 4);
      case 3, 4, 5 -> random.nextLong(900);
      case 6 -> 1_000L * random.nextLong(120);
      default -> random.nextLong(100_000);
    };
  }

  private Transition next(Life life, long seq) {
    int dice = random.nextInt(100);
    if (dice < 8) { // someone else's word: an older epoch, any state
      long epoch = Math.max(0, life.epoch - 1 - random.nextInt(3));
      return transition(life, seq, epoch, any());
    }
    if (dice < 13) { // a newer epoch gets ready, or fails to
      return transition(
          life, seq, life.epoch + 1, random.nextBoolean() ? VmState.STARTING : VmState.FAILED);
    }
    if (dice < 18) { // a restart elsewhere whose predecessor's end was never told
      life.epoch++;
      life.state = VmState.RUNNING;
    } else if (dice < 24) {
      life.state = any();
    } else {
      life.state = usual(life);
    }
    return transition(life, seq, life.epoch, life.state);
  }

  private VmState usual(Life life) {
    return switch (life.state) {
      case GONE, FAILED -> {
        life.epoch++;
        yield random.nextInt(4) == 0 ? VmState.RUNNING : VmState.STARTING;
      }
      case STARTING -> random.nextInt(8) == 0 ? VmState.FAILED : VmState.RUNNING;
      case RUNNING ->
          switch (random.nextInt(6)) {
            case 0 -> VmState.MIGRATING;
            case 1 -> VmState.FAILED;
            case 2 -> VmState.RUNNING;
            default -> VmState.STOPPING;
          };
      case MIGRATING -> {
        if (random.nextInt(3) > 0) {
          life.epoch++;
        }
        yield VmState.RUNNING;
      }
      case STOPPING -> VmState.GONE;
    };
  }

  private VmState any() {
    VmState[] states = VmState.values();
    return states[random.nextInt(states.length)];
  }

  private static Transition transition(Life life, long seq, long epoch, VmState state) {
    return new Transition(
        seq, life.id, epoch, life.account, life.sku, state, Instant.ofEpochMilli(life.at));
  }
}
