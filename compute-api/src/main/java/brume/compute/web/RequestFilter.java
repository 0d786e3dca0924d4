package brume.compute.web;

import brume.compute.access.AccessInterceptor;
import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import brume.contract.IdGenerator;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/// Before everything: gives each request its id (the client's own where it sent a fit one) and lets
/// no body through that is longer than 1 MiB, whether or not its length was announced.
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class RequestFilter extends OncePerRequestFilter {
  static final String REQUEST_ID_HEADER = "x-request-id";
  static final long BODY_BYTES_MAX = 1 << 20;

  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private final IdGenerator ids;
  private final JsonMapper json;

  RequestFilter(IdGenerator ids, JsonMapper json) {
    this.ids = ids;
    this.json = json;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String given = request.getHeader(REQUEST_ID_HEADER);
    String requestId =
        given != null && REQUEST_ID.matcher(given).matches() ? given : ids.next("req-");
    request.setAttribute(AccessInterceptor.REQUEST_ID, requestId);
    response.setHeader(REQUEST_ID_HEADER, requestId);
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Cache-Control", "no-store");
    // The EC2 door answers in a form of its own, and refuses what is too long as it reads it.
    if (request.getContentLengthLong() > BODY_BYTES_MAX && !isEc2(request)) {
      refuse(response, requestId, request.getContentLengthLong());
      return;
    }
    chain.doFilter(new LimitedRequest(request), response);
  }

  private static boolean isEc2(HttpServletRequest request) {
    String path = request.getRequestURI();
    return path.equals("/") || path.startsWith("/ec2") || path.startsWith("/sts");
  }

  private void refuse(HttpServletResponse response, String requestId, long length)
      throws IOException {
    Problem problem = Problem.of(tooLarge(length + " bytes").refusal(), requestId);
    response.setStatus(problem.status());
    response.setContentType(MediaType.parseMediaType(Problem.MEDIA_TYPE).toString());
    response.getOutputStream().write(json.writeValueAsBytes(problem));
  }

  private static Refused tooLarge(String length) {
    return new Refused(
        new Refusal.Unfit(
            Refusal.Form.BODY_SIZE,
            "a body has at most " + BODY_BYTES_MAX + " bytes, and this one has " + length));
  }

  private static final class LimitedRequest extends HttpServletRequestWrapper {
    private @Nullable ServletInputStream limited;

    LimitedRequest(HttpServletRequest request) {
      super(request);
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      ServletInputStream stream = limited;
      if (stream == null) {
        stream = new LimitedStream(super.getInputStream());
        limited = stream;
      }
      return stream;
    }
  }

  private static final class LimitedStream extends ServletInputStream {
    private final ServletInputStream source;
    private long left = BODY_BYTES_MAX;

    LimitedStream(ServletInputStream source) {
      this.source = source;
    }

    @Override
    public int read() throws IOException {
      int value = source.read();
      count(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = source.read(bytes, offset, length);
      count(Math.max(0, read));
      return read;
    }

    private void count(int read) {
      left -= read;
      if (left < 0) {
        throw tooLarge("more");
      }
    }

    @Override
    public boolean isFinished() {
      return source.isFinished();
    }

    @Override
    public boolean isReady() {
      return source.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      source.setReadListener(listener);
    }
  }
}
