package brume.compute.billing;

import brume.compute.ComputeApiSettings;
import brume.compute.access.Action;
import brume.compute.access.Caller;
import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/// Asks billing what a caller asked, with the caller's own credential, and keeps in the audit trail
/// what that changed.
@Component
class BillingForward {
  private static final Logger LOG = LoggerFactory.getLogger(BillingForward.class);

  private final HttpClient http;
  private final ComputeApiSettings.Billing billing;
  private final BillingCommands commands;

  BillingForward(HttpClient http, ComputeApiSettings settings, BillingCommands commands) {
    this.commands = commands;
    this.http = http;
    this.billing = settings.billing();
  }

  ResponseEntity<InputStreamResource> look(Caller caller, HttpServletRequest request) {
    return send(caller, request, BodyPublishers.noBody());
  }

  ResponseEntity<InputStreamResource> change(
      Caller caller, HttpServletRequest request, String action, String resource)
      throws IOException {
    byte[] body = request.getInputStream().readAllBytes(); // no longer than a body may be
    ResponseEntity<InputStreamResource> answer =
        send(caller, request, BodyPublishers.ofByteArray(body));
    boolean tried = "true".equals(request.getParameter("dryRun"));
    if (answer.getStatusCode().is2xxSuccessful() && !tried) {
      commands.done(caller, Action.of(action), List.of(resource));
    }
    return answer;
  }

  private ResponseEntity<InputStreamResource> send(
      Caller caller, HttpServletRequest request, BodyPublisher body) {
    HttpRequest.Builder forwarded =
        HttpRequest.newBuilder(target(request))
            .timeout(billing.timeout())
            .header("Authorization", "Bearer " + Objects.requireNonNull(caller.bearer()))
            .header("x-request-id", caller.requestId());
    for (String name : new String[] {HttpHeaders.ACCEPT, HttpHeaders.CONTENT_TYPE}) {
      String value = request.getHeader(name);
      if (value != null) {
        forwarded.header(name, value);
      }
    }
    try {
      return answer(
          http.send(
              forwarded.method(request.getMethod(), body).build(), BodyHandlers.ofInputStream()));
    } catch (IOException e) {
      LOG.warn("billing is away: {}", e.toString());
      throw away();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw away();
    }
  }

  private URI target(HttpServletRequest request) {
    String query = request.getQueryString();
    String base = billing.url().toString().replaceFirst("/+$", "");
    String path = request.getRequestURI() + (query == null ? "" : "?" + query);
    try {
      return URI.create(base + path);
    } catch (IllegalArgumentException e) {
      throw new Refused(new Refusal.Invalid("invalid_value", null, "the query is not well-formed"));
    }
  }

  private static ResponseEntity<InputStreamResource> answer(HttpResponse<InputStream> response) {
    ResponseEntity.BodyBuilder answer = ResponseEntity.status(response.statusCode());
    for (String name :
        new String[] {
          HttpHeaders.CONTENT_TYPE,
          HttpHeaders.CONTENT_DISPOSITION,
          HttpHeaders.WWW_AUTHENTICATE,
          HttpHeaders.RETRY_AFTER
        }) {
      response.headers().firstValue(name).ifPresent(value -> answer.header(name, value));
    }
    return answer.body(new InputStreamResource(response.body()));
  }

  private static Refused away() {
    return new Refused(
        new Refusal.Unavailable(
            "billing_unavailable",
            "the billing service does not answer; instances are not affected, ask again"));
  }
}
