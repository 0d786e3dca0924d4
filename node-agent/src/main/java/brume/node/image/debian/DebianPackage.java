package brume.node.image.debian;

import brume.node.image.ImageException.ContentRefused;
import brume.node.image.Sha256;
import java.util.Map;
import java.util.regex.Pattern;

/// One package of the index: what it is called and how its file is told from any other.
///
/// @param filename relative to the mirror
/// @param depends as it stands in the index
record DebianPackage(
    String name, String version, String filename, long size, String sha256, String depends) {
  static final long BYTES_MAX = 512L << 20;

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9+.-]{1,200}");
  private static final Pattern FILENAME = Pattern.compile("pool/[A-Za-z0-9+._~%/-]{1,400}\\.deb");

  static DebianPackage of(Map<String, String> fields) throws ContentRefused {
    String size = fields.getOrDefault("Size", "");
    DebianPackage made =
        new DebianPackage(
            fields.getOrDefault("Package", ""),
            fields.getOrDefault("Version", ""),
            fields.getOrDefault("Filename", ""),
            size.matches("[0-9]{1,12}") ? Long.parseLong(size) : -1,
            fields.getOrDefault("SHA256", ""),
            fields.getOrDefault("Depends", ""));
    boolean usable =
        NAME.matcher(made.name).matches()
            && FILENAME.matcher(made.filename).matches()
            && !made.filename.contains("..")
            && made.size > 0
            && made.size <= BYTES_MAX
            && Sha256.FORM.matcher(made.sha256).matches();
    if (!usable) {
      throw new ContentRefused(
          "the index entry of the package '"
              + made.name
              + "' lacks a usable Filename, SHA256 or Size of at most "
              + BYTES_MAX);
    }
    return made;
  }

  /// The name of the first package that this one depends on.
  String firstDependency() {
    String first = depends.split("[,|]", 2)[0].strip();
    return first.split("[ (:]", 2)[0];
  }

  String label() {
    return name + " " + version;
  }
}
