package brume.compute.access;

import java.util.List;
import java.util.Locale;

/// What a token may do in its account, from least to most: each role may do what those before it
/// may.
public enum Role {
  READER,
  OPERATOR,
  OWNER;

  public static final List<String> TEXTS = List.of("owner", "operator", "reader");

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Role of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
