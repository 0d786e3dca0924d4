package brume.billing.web;

import brume.contract.IdGenerator;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// Gives each request its id: the caller's own where it sent a fit one, so that one id follows a
/// request through the services.
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class RequestId extends OncePerRequestFilter {
  static final String HEADER = "x-request-id";

  private static final Pattern FIT = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private final IdGenerator ids;

  RequestId(IdGenerator ids) {
    this.ids = ids;
  }

  static String of(HttpServletRequest request) {
    return String.valueOf(request.getAttribute(HEADER));
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String given = request.getHeader(HEADER);
    String id = given != null && FIT.matcher(given).matches() ? given : ids.next("req-");
    request.setAttribute(HEADER, id);
    response.setHeader(HEADER, id);
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Cache-Control", "no-store");
    chain.doFilter(request, response);
  }
}
