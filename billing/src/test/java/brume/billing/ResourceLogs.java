package brume.billing;

import brume.billing.meter.ResourceKind;
import brume.billing.meter.Transition;
import brume.contract.VmState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Logs of storage, addresses and traffic, as text or random.
public final class ResourceLogs {
  private static final int STEP_SECONDS_MAX = 200_000;

  private ResourceLogs() {}

  /// One transition a line: `resource kind sku size time`, with `-` as the size of what is gone.
  /// The epoch is 1 unless it stands behind the resource's name: `i-1/2`.
  public static List<Transition> parse(String text) {
    List<Transition> log = new ArrayList<>();
    for (String line : text.strip().split("[;\n]")) {
      String[] words = line.strip().split(" +");
      String[] name = words[0].split("/");
      boolean gone = words[3].startsWith("-");
      long size = words[3].equals("-") ? 1 : Math.abs(Long.parseLong(words[3]));
      log.add(
          new Transition(
              log.size() + 1L,
              ResourceKind.named(words[1]),
              name[0],
              name.length > 1 ? Long.parseLong(name[1]) : 1,
              Logs.ACCOUNT,
              words[2],
              gone ? VmState.GONE : VmState.RUNNING,
              Instant.parse("2026-11-" + words[4] + "Z"),
              size));
    }
    return log;
  }

  /// Volumes that are made, resized, changed in type and deleted, addresses, and counters that are
  /// read in order, twice, late or not at all; clocks that step back.
  public static List<Transition> random(RandomGenerator random, Instant from, int length) {
    List<Transition> log = new ArrayList<>();
    long[] at = {from.getEpochSecond()};
    long[] epochs = new long[6];
    long[] counters = new long[6];
    while (log.size() < length) {
      int which = random.nextInt(6);
      ResourceKind kind =
          which < 3 ? ResourceKind.VOLUME : which < 4 ? ResourceKind.ADDRESS : ResourceKind.TRAFFIC;
      at[0] +=
          random.nextInt(8) == 0
              ? -random.nextInt(3_000)
              : random.nextInt(STEP_SECONDS_MAX / 20) / (1 + random.nextInt(50));
      boolean gone = random.nextInt(5) == 0;
      if (random.nextInt(6) == 0) {
        epochs[which]++;
        counters[which] = 0;
      }
      counters[which] += random.nextInt(3) == 0 ? 0 : random.nextLong(5_000_000_000L);
      long late = random.nextInt(6) == 0 ? random.nextLong(1_000) : 0;
      long size =
          switch (kind) {
            case TRAFFIC -> Math.max(0, counters[which] - late);
            case ADDRESS -> 1;
            default -> 1024L * (1 + random.nextInt(4));
          };
      log.add(
          new Transition(
              log.size() + 1L,
              kind,
              "res-" + which,
              Math.max(0, epochs[which] - (random.nextInt(12) == 0 ? 1 : 0)),
              "%012d".formatted(1 + which % 2),
              kind == ResourceKind.VOLUME && random.nextInt(9) == 0 ? "gp3" : sku(kind),
              gone ? VmState.GONE : VmState.RUNNING,
              Instant.ofEpochSecond(at[0], random.nextInt(1_000_000) * 1_000L),
              size));
    }
    return log;
  }

  private static String sku(ResourceKind kind) {
    return switch (kind) {
      case ADDRESS -> "ipv4";
      case TRAFFIC -> "internet";
      default -> "gp2";
    };
  }
}
