package brume.scheduler.sync;

import brume.scheduler.fleet.NodeStore;
import brume.scheduler.web.Problem;
import brume.scheduler.web.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/// Lets a node report as itself and as no other, before a byte of the report is parsed.
public final class NodeGuard implements HandlerInterceptor {
  public static final String PATHS = "/nodes/*/sync";
  private static final Pattern BEARER = Pattern.compile("(?i:bearer) ([!-~]{1,200})");
  private static final Pattern NODE_ID = Pattern.compile("node-[0-9a-f]{17}");

  private final NodeStore nodes;

  public NodeGuard(NodeStore nodes) {
    this.nodes = nodes;
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    String header = request.getHeader("authorization");
    var bearer = BEARER.matcher(header == null ? "" : header);
    String caller =
        bearer.matches()
            ? nodes.bySecret(bearer.group(1)).orElseThrow(NodeGuard::unauthenticated)
            : "";
    if (caller.isEmpty()) {
      throw unauthenticated();
    }
    Object variables = request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
    Object named = variables instanceof Map<?, ?> map ? map.get("nodeId") : null;
    if (!caller.equals(named)) {
      String shown = named instanceof String id && NODE_ID.matcher(id).matches() ? id : "that id";
      throw new ProblemException(Problem.otherNode(shown));
    }
    return true;
  }

  private static ProblemException unauthenticated() {
    return new ProblemException(Problem.unauthenticated());
  }
}
