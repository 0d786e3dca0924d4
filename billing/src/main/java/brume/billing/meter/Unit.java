package brume.billing.meter;

/// What a meter counts in, and how much of it a price is for.
public enum Unit {
  SECOND("Seconds", "Hours", 3600),
  MIB_SECOND("MiB-Seconds", "GiB-Hours", 3600L << 10),
  BYTE("Bytes", "GiB", 1L << 30);

  private final String title;
  private final String priced;
  private final long perPrice;

  Unit(String title, String priced, long perPrice) {
    this.title = title;
    this.priced = priced;
    this.perPrice = perPrice;
  }

  public String title() {
    return title;
  }

  /// What prices are for.
  public String priced() {
    return priced;
  }

  /// How many units that is.
  public long perPrice() {
    return perPrice;
  }
}
