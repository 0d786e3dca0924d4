package brume.compute.node;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What operators of the cloud want of a node.
public enum Availability {
  /// It takes what is placed on it.
  ACTIVE,
  /// It takes nothing new; what it holds goes on.
  CORDONED,
  /// It takes nothing new, and what it holds is stopped and started again elsewhere.
  DRAINING;

  static final List<String> TEXTS = Arrays.stream(values()).map(Availability::text).toList();

  /// As the contract and the database write it.
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Availability of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
