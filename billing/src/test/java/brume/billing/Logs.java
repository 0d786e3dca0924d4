package brume.billing;

import brume.billing.meter.Transition;
import brume.contract.VmState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Logs written as text, one transition a line: `epoch STATE time`, the time of 1 November 2026
/// unless it has a date. The `seq` is the line's number.
public final class Logs {
  public static final String RESOURCE = "i-00000000000000001";
  public static final String ACCOUNT = "000000000001";

  private Logs() {}

  public static List<Transition> parse(String text) {
    return parse(1, text);
  }

  /// @param firstSeq of the first fact
  public static List<Transition> parse(long firstSeq, String text) {
    List<Transition> log = new ArrayList<>();
    for (String line : text.strip().split("[;\n]")) {
      String[] words = line.strip().split(" +");
      String time = words[2].contains("T") ? words[2] : "2026-11-01T" + words[2];
      log.add(
          new Transition(
              log.size() + firstSeq,
              RESOURCE,
              Long.parseLong(words[0]),
              ACCOUNT,
              Books.NANO,
              VmState.valueOf(words[1]),
              Instant.parse(time + "Z")));
    }
    return log;
  }
}
