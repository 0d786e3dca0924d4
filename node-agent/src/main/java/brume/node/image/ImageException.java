package brume.node.image;

/// Why an image could not be had. Each kind is a type, and each message says what a person can do
/// about it. Nothing is half done when one of these is thrown: the cache holds either the whole
/// image or none of it.
public abstract sealed class ImageException extends Exception {

  private ImageException(String message) {
    super(message);
  }

  private ImageException(String message, Throwable cause) {
    super(message, cause);
  }

  /// The source string names nothing that this node can boot.
  public static final class SourceUnknown extends ImageException {
    public SourceUnknown(String message) {
      super(message);
    }
  }

  /// Nothing says where Debian's packages can be fetched from.
  public static final class MirrorUnknown extends ImageException {
    public MirrorUnknown(String message) {
      super(message);
    }
  }

  /// The mirror is known, and does not answer or lacks a file.
  public static final class MirrorUnreachable extends ImageException {
    public MirrorUnreachable(String message) {
      super(message);
    }

    public MirrorUnreachable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// What came is not signed by a key that is trusted, or its time has passed.
  public static final class SignatureRefused extends ImageException {
    public SignatureRefused(String message) {
      super(message);
    }
  }

  /// What came, or lies in a folder, has the wrong digest, size or form.
  public static final class ContentRefused extends ImageException {
    public ContentRefused(String message) {
      super(message);
    }

    public ContentRefused(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// The cache folder can't be read, written or locked.
  public static final class CacheUnusable extends ImageException {
    public CacheUnusable(String message) {
      super(message);
    }

    public CacheUnusable(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
