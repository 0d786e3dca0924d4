package brume.scheduler.web;

import brume.contract.IdGenerator;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.springframework.web.filter.OncePerRequestFilter;

/// Gives each request its id (`x-request-id`) and its body a limit: 16 MiB for a report, 64 KiB for
/// all else.
public final class RequestGuard extends OncePerRequestFilter {
  public static final String REQUEST_ID = "x-request-id";
  static final int REPORT_BYTES_MAX = 16 << 20;
  static final int OTHER_BYTES_MAX = 64 << 10;
  private static final Pattern GIVEN_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private final IdGenerator ids;
  private final ProblemWriter problems;

  public RequestGuard(IdGenerator ids, ProblemWriter problems) {
    this.ids = ids;
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String given = request.getHeader(REQUEST_ID);
    String requestId =
        given != null && GIVEN_ID.matcher(given).matches() ? given : ids.next("req-");
    request.setAttribute(REQUEST_ID, requestId);
    response.setHeader(REQUEST_ID, requestId);
    int bytesMax = request.getRequestURI().endsWith("/sync") ? REPORT_BYTES_MAX : OTHER_BYTES_MAX;
    if (request.getContentLengthLong() > bytesMax) {
      response.setHeader("connection", "close");
      problems.write(request, response, Problem.tooLarge(bytesMax));
      return;
    }
    chain.doFilter(new Limited(request, bytesMax), response);
  }

  private static final class Limited extends HttpServletRequestWrapper {
    private final int bytesMax;

    Limited(HttpServletRequest request, int bytesMax) {
      super(request);
      this.bytesMax = bytesMax;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      return new Counted(super.getInputStream(), bytesMax);
    }

    @Override
    public BufferedReader getReader() throws IOException {
      return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
    }
  }

  /// For bodies that don't say how long they are.
  private static final class Counted extends ServletInputStream {
    private final ServletInputStream body;
    private final int bytesMax;
    private long bytes;

    Counted(ServletInputStream body, int bytesMax) {
      this.body = body;
      this.bytesMax = bytesMax;
    }

    private int count(int read) {
      bytes += Math.max(0, read);
      if (bytes > bytesMax) {
        throw new ProblemException(Problem.tooLarge(bytesMax));
      }
      return read;
    }

    @Override
    public int read() throws IOException {
      int value = body.read();
      count(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return count(body.read(into, offset, length));
    }

    @Override
    public boolean isFinished() {
      return body.isFinished();
    }

    @Override
    public boolean isReady() {
      return body.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      body.setReadListener(listener);
    }
  }
}
