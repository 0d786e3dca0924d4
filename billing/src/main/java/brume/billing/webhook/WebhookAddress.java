package brume.billing.webhook;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/// Where an account wants its alerts sent: `https`, or `http` where the operator allows private
/// addresses.
///
/// @param host as the URL has it
/// @param port the scheme's own where the URL has none
/// @param path with the query
public record WebhookAddress(boolean tls, String host, int port, String path) {
  private static final int LENGTH_MAX = 500;

  /// @throws IllegalArgumentException that says what a URL must be
  public static WebhookAddress of(@Nullable String url, boolean privateAllowed) {
    if (url == null || url.isEmpty() || url.length() > LENGTH_MAX) {
      throw new IllegalArgumentException("url must have 1 to " + LENGTH_MAX + " characters");
    }
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("url must be a URL such as https://example.com/hook", e);
    }
    String scheme = uri.getScheme();
    boolean tls = "https".equalsIgnoreCase(scheme);
    if (!tls && !(privateAllowed && "http".equalsIgnoreCase(scheme))) {
      throw new IllegalArgumentException("url must begin with https://");
    }
    String host = uri.getHost();
    if (host == null || uri.getUserInfo() != null || uri.getFragment() != null) {
      throw new IllegalArgumentException("url must have a host, and neither user nor fragment");
    }
    int port = uri.getPort() == -1 ? (tls ? 443 : 80) : uri.getPort();
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("url must have a port of 1 to 65535");
    }
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String ascii = path + query;
    if (!ascii.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException("url must be ASCII: escape what is not");
    }
    return new WebhookAddress(tls, host.replaceAll("[\\[\\]]", ""), port, ascii);
  }

  /// As the header `Host` has it.
  String authority() {
    String named = host.contains(":") ? "[" + host + "]" : host;
    return port == (tls ? 443 : 80) ? named : named + ":" + port;
  }
}
