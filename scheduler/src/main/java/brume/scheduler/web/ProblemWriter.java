package brume.scheduler.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// The one place where a problem becomes an answer.
public final class ProblemWriter {
  private static final String TYPE = "application/problem+json";

  private final JsonMapper json;

  public ProblemWriter(JsonMapper json) {
    this.json = json;
  }

  public void write(HttpServletRequest request, HttpServletResponse response, Problem problem)
      throws IOException {
    if (response.isCommitted()) {
      return;
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", "about:blank");
    body.put("title", problem.title());
    body.put("status", problem.status());
    body.put("code", problem.code());
    body.put("detail", problem.detail());
    if (problem.field() != null) {
      body.put("field", problem.field());
    }
    Object requestId = request.getAttribute(RequestGuard.REQUEST_ID);
    if (requestId != null) {
      body.put("requestId", requestId);
    }
    byte[] bytes = json.writeValueAsBytes(body);
    response.setStatus(problem.status());
    response.setContentType(TYPE);
    response.setContentLength(bytes.length);
    response.getOutputStream().write(bytes);
  }
}
