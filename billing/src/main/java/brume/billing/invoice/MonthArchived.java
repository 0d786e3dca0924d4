package brume.billing.invoice;

/// What is asked for needs usage that left the database for a file. Expected, and for a person to
/// read.
public final class MonthArchived extends RuntimeException {
  MonthArchived(String month) {
    super(
        "the usage of " + month + " is archived: the cloud's operator has the file",
        null,
        false,
        false);
  }
}
