package brume.compute.access;

import java.util.List;
import java.util.Locale;

/// What a credential or a person may do in the account, from least to most: each role may do what
/// those before it may.
public enum Role {
  /// Sees the account, its usage and its invoices.
  BILLING,
  READER,
  OPERATOR,
  OWNER;

  public static final List<String> TEXTS = List.of("owner", "operator", "reader", "billing");

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Role of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  public Role orLess(Role other) {
    return compareTo(other) <= 0 ? this : other;
  }
}
