package brume.compute.webconsole;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// Answers a browser that asks for a page or for what a page is made of; all else goes on to the
/// doors. The console finds its way by the path, so a link into it is answered with its one page.
///
/// What has a hash in its name (`assets/`) never changes and may be kept for good; the page that
/// names it is asked for each time. The policy (CSP 3) lets the page run its own scripts and ask
/// its own origin, and nothing else: `style-src` is wider, as the components set styles on
/// elements.
@Component
final class ConsoleFilter extends OncePerRequestFilter {
  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
          + " img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none';"
          + " form-action 'none'; frame-ancestors 'none'";

  private static final String FOR_GOOD = "public, max-age=31536000, immutable";
  private static final List<String> DOORS =
      List.of("/v1", "/ec2", "/sts", "/docs", "/actuator", "/openapi.yaml", "/error");
  private static final String WITHOUT =
      """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><title>Brume</title>
      <meta name="viewport" content="width=device-width, initial-scale=1"><style>
      :root{color-scheme:light dark}
      body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}
      </style></head><body><h1>Brume</h1>
      <p>The cloud is up. The web console was not built into it: build it where Node is installed,
      or go on without it.</p><ul>
      <li><code>brume help</code> shows what the command line does</li>
      <li><a href="/docs">/docs</a> is the REST API, <a href="/openapi.yaml">/openapi.yaml</a> its
      contract</li>
      <li>clients of EC2 take <code>/ec2</code> of this address for their endpoint</li>
      </ul></body></html>
      """;

  private final String folder;
  private final ConsoleFile without =
      ConsoleFile.of("without.html", WITHOUT.getBytes(StandardCharsets.UTF_8), null, null);
  private volatile @Nullable ConsoleFiles files;

  ConsoleFilter(@Value("${brume.console.files:classpath*:console/}") String folder) {
    this.folder = folder;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    String path = request.getRequestURI();
    String query = request.getQueryString();
    return !(request.getMethod().equals("GET") || request.getMethod().equals("HEAD"))
        || DOORS.stream().anyMatch(door -> path.equals(door) || path.startsWith(door + "/"))
        || (query != null && query.contains("Action=")); // the EC2 door is also at the root
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String path = request.getRequestURI().substring(1);
    ConsoleFile file = path.isEmpty() ? null : files().find(path);
    if (file != null && !path.equals(ConsoleFiles.INDEX)) {
      send(file, path.startsWith("assets/") ? FOR_GOOD : "no-cache", request, response);
      return;
    }
    ConsoleFile index = files().find(ConsoleFiles.INDEX);
    if (wantsPage(request) && (index != null || path.isEmpty())) {
      send(index == null ? without : index, "no-store", request, response);
      return;
    }
    chain.doFilter(request, response);
  }

  /// At the root there is nothing else that one could mean who takes anything.
  private static boolean wantsPage(HttpServletRequest request) {
    String accept = Objects.requireNonNullElse(request.getHeader("Accept"), "*/*");
    return accept.contains("text/html")
        || (request.getRequestURI().equals("/") && accept.contains("*/*"));
  }

  /// Read at the first request: who never opens a browser does not wait for it.
  private ConsoleFiles files() {
    ConsoleFiles read = files;
    if (read == null) {
      read = ConsoleFiles.read(folder);
      files = read;
    }
    return read;
  }

  private static void send(
      ConsoleFile file, String caching, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    ConsoleFile.Form form = file.form(request.getHeader("Accept-Encoding"));
    response.setContentType(file.type());
    response.setHeader("Cache-Control", caching);
    response.setHeader("Vary", "Accept, Accept-Encoding");
    if (form.encoding() != null) {
      response.setHeader("Content-Encoding", form.encoding());
    }
    response.setHeader("Content-Security-Policy", POLICY);
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setContentLength(form.bytes().length);
    response.getOutputStream().write(form.bytes());
  }
}
