package brume.billing.web;

import brume.billing.BillingSettings;
import brume.billing.pricing.PriceBook;
import brume.billing.pricing.PriceBookRefused;
import brume.billing.pricing.PriceBookStore;
import brume.billing.pricing.PriceBookYaml;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/// Prices: everyone may read them, operators of the cloud publish them.
@RestController
class PriceBookController {
  private static final int BODY_BYTES_MAX = 1 << 20;

  private final Authentication authentication;
  private final PriceBookStore books;
  private final BillingSettings settings;

  PriceBookController(
      Authentication authentication, PriceBookStore books, BillingSettings settings) {
    this.authentication = authentication;
    this.books = books;
    this.settings = settings;
  }

  /// All books of the cloud's currency: one a year or so.
  record Books(List<PriceBookView.Summary> items) {}

  @GetMapping("/v1/price-books")
  Books list(
      HttpServletRequest request,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization) {
    authentication.caller(authorization);
    new Parameters(request, Set.of());
    return new Books(
        books.schedule(settings.currency()).books().stream().map(PriceBookView::summary).toList());
  }

  @GetMapping("/v1/price-books/{id}")
  PriceBookView get(
      HttpServletRequest request,
      @PathVariable String id,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization) {
    authentication.caller(authorization);
    new Parameters(request, Set.of());
    return PriceBookView.of(
        books
            .find(id)
            .orElseThrow(() ->
                Refused.notFound(
                    "price_book_not_found",
                    "priceBookId",
                    "there is no price book '" + Parameters.shown(id) + "'")));
  }

  /// Publishing the same book again changes nothing, so that a lost answer may be asked for again.
  @PutMapping("/v1/price-books/{id}")
  PriceBookView.Publication publish(
      HttpServletRequest request,
      @PathVariable String id,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization)
      throws IOException {
    authentication.caller(authorization).requireCloudOperator();
    boolean dryRun = new Parameters(request, Set.of("dryRun")).flag("dryRun");
    PriceBook book = read(request);
    if (!book.id().equals(id)) {
      throw Refused.invalid(
          "id",
          "id must be '" + Parameters.shown(id) + "' as in the path, not '" + book.id() + "'");
    }
    if (!book.currency().equals(settings.currency())) {
      throw Refused.invalid(
          "currency", "currency must be " + settings.currency() + ", not " + book.currency());
    }
    try {
      return PriceBookView.of(dryRun ? books.tryOut(book) : books.publish(book), dryRun);
    } catch (PriceBookRefused e) {
      throw Refused.conflict("price_book_conflict", e.field(), String.valueOf(e.getMessage()));
    }
  }

  private static PriceBook read(HttpServletRequest request) throws IOException {
    byte[] body = request.getInputStream().readNBytes(BODY_BYTES_MAX + 1);
    if (body.length > BODY_BYTES_MAX) {
      throw Refused.invalid("body", "a price book has at most " + BODY_BYTES_MAX + " bytes");
    }
    try {
      return PriceBookYaml.read(new String(body, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw Refused.invalid("body", String.valueOf(e.getMessage()));
    }
  }
}
