package brume.compute.access;

import brume.compute.refusal.Fields;
import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keeps pages of other origins from asking with a browser's cookie, besides `SameSite=Strict`,
/// which takes every port of a host for one site. What changes something needs a header that no
/// other origin can send without asking first (Fetch §3.2, and nothing here answers that), and the
/// `Origin` that browsers add by themselves (RFC 6454 §7). A WebSocket can carry no header of a
/// page's own, so there the origin alone decides (RFC 6455 §10.2).
public final class SameOrigin {
  public static final String HEADER = "X-Brume-Console";

  private static final Set<String> LOOKS = Set.of("GET", "HEAD", "OPTIONS");

  private SameOrigin() {}

  /// Throws a refusal where a request with a cookie may come from a page that is not ours.
  public static void require(HttpServletRequest request) {
    String origin = request.getHeader("Origin");
    boolean looks = LOOKS.contains(request.getMethod());
    if (!looks && !"1".equals(request.getHeader(HEADER))) {
      throw refused(
          HEADER,
          "a request with a session's cookie that changes something needs the header '"
              + HEADER
              + ": 1'; use a bearer token outside of the console");
    }
    if (origin == null) {
      if (!looks || "websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
        throw refused("Origin", "a request with a session's cookie needs the header Origin here");
      }
      return;
    }
    requireOwn(request, origin);
  }

  /// Throws a refusal where a browser says that another origin's page is asking.
  public static void requireOwn(HttpServletRequest request, @Nullable String origin) {
    if (origin == null || isOwn(request, origin)) {
      return;
    }
    throw refused(
        "Origin",
        "the request comes from a page of '"
            + Fields.shown(origin)
            + "' and not of this cloud at '"
            + Fields.shown(String.valueOf(request.getHeader("Host")))
            + "'; a proxy before it must leave Host as it is");
  }

  /// Whoever is asked by https may have a proxy before them that speaks http to us.
  private static boolean isOwn(HttpServletRequest request, String origin) {
    String host = request.getHeader("Host");
    if (host == null) {
      return false;
    }
    String given = origin.toLowerCase(Locale.ROOT);
    String own = host.toLowerCase(Locale.ROOT);
    return given.equals("https://" + own) || (given.equals("http://" + own) && !request.isSecure());
  }

  /// Whether the browser asked by https, as far as it or the connection says.
  public static boolean isSecure(HttpServletRequest request) {
    String origin = request.getHeader("Origin");
    return request.isSecure() || (origin != null && origin.startsWith("https://"));
  }

  private static Refused refused(String field, String detail) {
    return new Refused(new Refusal.Forbidden(field, detail));
  }
}
