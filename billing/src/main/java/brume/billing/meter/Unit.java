package brume.billing.meter;

/// What a meter counts in, and how much of it a price is for.
public enum Unit {
  SECOND("Seconds", "Hours", 3600, "", ""),
  MIB_SECOND("MiB-Seconds", "GiB-Hours", 3600L << 10, " MiB s", "/GiB h"),
  BYTE("Bytes", "GiB", 1L << 30, " B", "/GiB");

  private final String title;
  private final String priced;
  private final long perPrice;
  private final String suffix;
  private final String priceSuffix;

  Unit(String title, String priced, long perPrice, String suffix, String priceSuffix) {
    this.suffix = suffix;
    this.priceSuffix = priceSuffix;
    this.title = title;
    this.priced = priced;
    this.perPrice = perPrice;
  }

  public String title() {
    return title;
  }

  /// Behind a number of them on paper; nothing behind seconds, which a column is headed with.
  public String suffix() {
    return suffix;
  }

  /// Behind a price on paper; nothing behind an hour's.
  public String priceSuffix() {
    return priceSuffix;
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
