package brume.billing.rating;

import brume.contract.Checks;

/// A tax on what an account pays.
///
/// @param name as it stands on the invoice, such as `VAT 20 %`
/// @param basisPoints hundredths of a percent
public record Tax(String name, int basisPoints) {
  public static final Tax NONE = new Tax("No tax", 0);

  public Tax {
    Checks.length("name", name, 1, 80);
    Checks.range("basisPoints", basisPoints, 0, 10_000);
  }
}
