package brume.node.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What compute-api must show at this node's port. It is made anew at each start and reaches
/// compute-api through the scheduler.
public final class AccessToken {
  private static final int BYTES = 32;
  private static final String SCHEME = "Bearer ";

  private final String text;

  private AccessToken(String text) {
    this.text = text;
  }

  /// @param random must be fit for secrets
  public static AccessToken fresh(RandomGenerator random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new AccessToken(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  public String text() {
    return text;
  }

  /// Takes the same time wherever the header differs.
  public boolean isIn(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    byte[] shown = authorization.substring(SCHEME.length()).getBytes(StandardCharsets.UTF_8);
    return MessageDigest.isEqual(shown, text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "an access token";
  }
}
