package brume.compute.billing;

import brume.compute.ComputeApiSettings;
import brume.compute.access.Action;
import brume.compute.access.Caller;
import brume.compute.access.Needs;
import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import brume.compute.web.AnyParameters;
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
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/// Billing's paths, forwarded as they are: billing judges path, query, body and credential by
/// itself. What changes something there goes into the audit trail here. The credential is also
/// checked here, so that nobody reaches another service without one.
@RestController
class BillingController {
  private static final Logger LOG = LoggerFactory.getLogger(BillingController.class);

  private final HttpClient http;
  private final ComputeApiSettings.Billing billing;
  private final BillingCommands commands;

  BillingController(HttpClient http, ComputeApiSettings settings, BillingCommands commands) {
    this.commands = commands;
    this.http = http;
    this.billing = settings.billing();
  }

  @GetMapping({
    "/v1/invoices",
    "/v1/invoices/**",
    "/v1/usage",
    "/v1/usage/**",
    "/v1/price-books",
    "/v1/price-books/*"
  })
  @Needs("GetBilling")
  @AnyParameters
  ResponseEntity<InputStreamResource> forward(Caller caller, HttpServletRequest request) {
    return send(caller, request, BodyPublishers.noBody());
  }

  @PutMapping("/v1/price-books/{priceBookId}")
  @Needs("PublishPriceBook")
  @AnyParameters
  ResponseEntity<InputStreamResource> publishPriceBook(
      Caller caller, @PathVariable String priceBookId, HttpServletRequest request)
      throws IOException {
    return change(caller, request, "PublishPriceBook", priceBookId);
  }

  @PutMapping("/v1/invoices/{invoiceId}/state")
  @Needs("SettleInvoice")
  @AnyParameters
  ResponseEntity<InputStreamResource> settle(
      Caller caller, @PathVariable String invoiceId, HttpServletRequest request)
      throws IOException {
    return change(caller, request, "SettleInvoice", invoiceId);
  }

  @PutMapping("/v1/billing-periods/{month}")
  @Needs("CloseBillingPeriod")
  @AnyParameters
  ResponseEntity<InputStreamResource> close(
      Caller caller, @PathVariable String month, HttpServletRequest request) throws IOException {
    return change(caller, request, "CloseBillingPeriod", month);
  }

  @GetMapping("/v1/billing-periods/{month}/audit")
  @Needs("AuditBillingPeriod")
  @AnyParameters
  ResponseEntity<InputStreamResource> audit(Caller caller, HttpServletRequest request) {
    return send(caller, request, BodyPublishers.noBody());
  }

  @GetMapping("/v1/billing-accounts/{accountId}/terms")
  @Needs("GetBillingTerms")
  @AnyParameters
  ResponseEntity<InputStreamResource> terms(Caller caller, HttpServletRequest request) {
    return send(caller, request, BodyPublishers.noBody());
  }

  @PutMapping("/v1/billing-accounts/{accountId}/terms")
  @Needs("PutBillingTerms")
  @AnyParameters
  ResponseEntity<InputStreamResource> agree(
      Caller caller, @PathVariable String accountId, HttpServletRequest request)
      throws IOException {
    return change(caller, request, "PutBillingTerms", accountId);
  }

  @GetMapping("/v1/billing-accounts/{accountId}/credits")
  @Needs("ListCredits")
  @AnyParameters
  ResponseEntity<InputStreamResource> credits(Caller caller, HttpServletRequest request) {
    return send(caller, request, BodyPublishers.noBody());
  }

  @PutMapping("/v1/billing-accounts/{accountId}/credits/{creditId}")
  @Needs("GrantCredit")
  @AnyParameters
  ResponseEntity<InputStreamResource> grant(
      Caller caller, @PathVariable String creditId, HttpServletRequest request) throws IOException {
    return change(caller, request, "GrantCredit", creditId);
  }

  private ResponseEntity<InputStreamResource> change(
      Caller caller, HttpServletRequest request, String action, String resource)
      throws IOException {
    byte[] body = request.getInputStream().readAllBytes(); // no longer than a body may be
    ResponseEntity<InputStreamResource> answer =
        send(caller, request, BodyPublishers.ofByteArray(body));
    if (answer.getStatusCode().is2xxSuccessful()) {
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
