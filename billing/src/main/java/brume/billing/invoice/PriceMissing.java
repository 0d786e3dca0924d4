package brume.billing.invoice;

/// Something was used for which no price is published at its time. Nothing is rated until one is.
public final class PriceMissing extends RuntimeException {
  public PriceMissing(String meter, String sku, String since) {
    super(
        "no price is published for meter "
            + meter
            + " and sku "
            + sku
            + " at "
            + since
            + ": publish a price book that has it");
  }
}
