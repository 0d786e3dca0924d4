package brume.node.image;

/// Told how far the making of an image is; a caller prints it or not. Calls come from the thread
/// that resolves, at most a few times for each megabyte.
@FunctionalInterface
public interface ImageProgress {

  /// What is being done. Phases come in this order; some may be left out or come again.
  enum Phase {
    WAITING("waiting for another process that makes the same image"),
    INDEX("reading the package index"),
    DOWNLOAD("downloading"),
    UNPACK("unpacking"),
    ASSEMBLE("writing the image");

    private final String words;

    Phase(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }

  /// @param what the file or package at hand
  /// @param done bytes so far
  /// @param total bytes in all, or -1 where nobody knows
  void report(Phase phase, String what, long done, long total);

  /// For callers that don't print.
  static ImageProgress silent() {
    return (phase, what, done, total) -> {};
  }
}
