package brume.billing.pricing;

/// A price book that can't be published beside those that are.
public final class PriceBookRefused extends RuntimeException {
  private final String field;

  PriceBookRefused(String field, String message) {
    super(message);
    this.field = field;
  }

  public String field() {
    return field;
  }
}
