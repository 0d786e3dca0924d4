package brume.billing.archive;

/// Why a month's usage stays in the database. Expected, and for a person to read.
public final class ArchiveRefused extends RuntimeException {
  ArchiveRefused(String message) {
    super(message, null, false, false);
  }
}
