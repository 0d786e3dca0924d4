package brume.compute.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;

/// What is not even HTTP (a broken request line, headers beyond the limit) is refused by the server
/// before any of our code sees it: this gives such refusals the same form as all others.
public final class ProblemReportValve extends ErrorReportValve {
  /// Puts the valve in the place of the server's own.
  @Configuration(proxyBeanMethods = false)
  static class Installation {
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemReports() {
      return factory ->
          factory.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
              host.setErrorReportValveClass(ProblemReportValve.class.getName());
            }
          });
    }
  }

  @Override
  protected void report(Request request, Response response, @Nullable Throwable fault) {
    int status = response.getStatus();
    if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
      return;
    }
    HttpStatus known = HttpStatus.resolve(status);
    String title = known == null ? "Error" : known.getReasonPhrase();
    String body =
        """
        {"type":"about:blank","title":"%s","status":%d,"code":"%s","detail":"%s","requestId":"none"}
        """
            .formatted(
                title,
                status,
                status < 500 ? "malformed_request" : "internal_error",
                status < 500
                    ? "the request is not well-formed HTTP, or its headers exceed 16 KiB"
                    : "this is a fault of the cloud and not of the request");
    try {
      response.setContentType(Problem.MEDIA_TYPE);
      response.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
      response.finishResponse();
    } catch (IOException e) {
      getContainer().getLogger().debug("a client went away", e);
    }
  }
}
