package brume.cli.verbs;

import brume.cli.cloud.Json;
import brume.cli.show.Tree;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An explained line as a tree: amount, price, intervals, transitions with what the node said of
/// them, and the requests that caused them.
final class LineTree {
  private LineTree() {}

  static Tree of(Object line) {
    List<Tree> intervals = new ArrayList<>();
    Json.list(line, "intervals").forEach(each -> intervals.add(interval(each)));
    long more = whole(line, "intervalsTotal") - intervals.size();
    if (more > 0) {
      intervals.addFirst(Tree.of(more + " earlier ones are not shown"));
    }
    List<Tree> branches = new ArrayList<>();
    branches.add(
        Tree.of(
            "rounded " + text(line, "rounding.rule"),
            Tree.of("unrounded " + text(line, "exactUnrounded")),
            Tree.of(difference(line, "exactAmount", "rounding.exactDifference")),
            Tree.of(difference(line, "amount", "rounding.amountDifference"))));
    branches.add(price(line));
    branches.add(
        new Tree(
            whole(line, "quantitySeconds")
                + " s charged, in "
                + count(whole(line, "intervalsTotal")),
            intervals));
    if (Boolean.TRUE.equals(Json.at(line, "changedSince"))) {
      branches.add(Tree.of("later facts changed this: a correction stands on a later invoice"));
    }
    return new Tree(
        "%s: %s of %s, %s, costs %s"
            .formatted(
                text(line, "lineId"),
                text(line, "meter"),
                text(line, "resourceId"),
                text(line, "sku"),
                text(line, "exactAmount")),
        branches);
  }

  private static String count(long intervals) {
    return intervals == 1 ? "1 interval" : intervals + " intervals";
  }

  private static String difference(Object line, String shown, String difference) {
    return "shown as " + text(line, shown) + ", which is " + text(line, difference) + " more";
  }

  private static Tree price(Object line) {
    String end = text(line, "price.validTo");
    List<Tree> portions = new ArrayList<>();
    Json.list(line, "portions")
        .forEach(each ->
            portions.add(
                Tree.of(
                    text(each, "seconds")
                        + " "
                        + unit(line)
                        + " at "
                        + text(each, "unitPricePerHour")
                        + " "
                        + priced(line))));
    return new Tree(
        "price book %s, in force from %s%s: %s micros %s"
            .formatted(
                text(line, "price.priceBookId"),
                text(line, "price.validFrom"),
                end.isEmpty() ? "" : " to " + end,
                text(line, "price.text"),
                priced(line)),
        portions);
  }

  /// What the line's meter counts in.
  private static String unit(Object line) {
    return switch (text(line, "meter")) {
      case "egress-bytes" -> "bytes";
      case String meter when meter.endsWith("-mib-seconds") -> "MiB s";
      default -> "s";
    };
  }

  private static String priced(Object line) {
    return switch (unit(line)) {
      case "bytes" -> "a GiB";
      case "MiB s" -> "a GiB hour";
      default -> "an hour";
    };
  }

  private static Tree interval(@Nullable Object interval) {
    String end = text(interval, "end");
    long minimum = whole(interval, "minimumSeconds");
    List<Tree> facts = new ArrayList<>();
    facts.add(fact("began", Json.at(interval, "opened")));
    if (Json.at(interval, "closed") instanceof Map<?, ?> closed) {
      facts.add(fact("ended", closed));
    }
    return new Tree(
        "%s: %s to %s, %d s%s"
            .formatted(
                text(interval, "usageId"),
                text(interval, "start"),
                end.isEmpty() ? "now" : end,
                whole(interval, "seconds"),
                minimum == 0 ? "" : " and " + minimum + " s to the minimum of a start"),
        facts);
  }

  private static Tree fact(String what, @Nullable Object fact) {
    List<Tree> evidence = new ArrayList<>();
    String boot = text(fact, "nodeBootId");
    evidence.add(
        Tree.of(
            boot.isEmpty()
                ? "declared by the control plane, of " + text(fact, "nodeId")
                : "said by %s, %s s into its boot %s"
                    .formatted(
                        text(fact, "nodeId"),
                        BigDecimal.valueOf(whole(fact, "nodeMonotonic"), 9).toPlainString(),
                        boot)));
    evidence.add(Tree.of("written down at " + text(fact, "recordedAt")));
    if (Json.at(fact, "request") instanceof Map<?, ?> request) {
      evidence.add(
          Tree.of(
              "asked for by %s in %s: %s at %s"
                  .formatted(
                      text(request, "principal"),
                      text(request, "requestId"),
                      text(request, "intent"),
                      text(request, "at"))));
    }
    String why = text(fact, "reason").isEmpty() ? text(fact, "cause") : text(fact, "reason");
    return new Tree(
        "%s at %s: %s%s, transition %d"
            .formatted(
                what,
                text(fact, "at"),
                text(fact, "state"),
                why.isEmpty() ? "" : " (" + why + ")",
                whole(fact, "seq")),
        evidence);
  }

  private static String text(@Nullable Object of, String path) {
    return Json.text(of, path);
  }

  private static long whole(@Nullable Object of, String path) {
    return Json.at(of, path) instanceof Number number ? number.longValue() : 0;
  }
}
