package brume.compute.webconsole;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// One file, in the forms that it can be sent in.
///
/// @param brotli null where the build made none: the JDK can't
/// @param gzip null where it would be no smaller
@SuppressWarnings("ArrayRecordComponent") // held once and compared by nobody
record ConsoleFile(String type, byte[] plain, byte @Nullable [] gzip, byte @Nullable [] brotli) {
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html;charset=utf-8"),
          Map.entry("js", "text/javascript;charset=utf-8"),
          Map.entry("css", "text/css;charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("txt", "text/plain;charset=utf-8"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("woff", "font/woff"));

  static ConsoleFile of(
      String name, byte[] plain, byte @Nullable [] gzip, byte @Nullable [] brotli) {
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    String type = TYPES.getOrDefault(ending, "application/octet-stream");
    byte[] small = gzip == null ? gzip(plain) : gzip;
    return new ConsoleFile(type, plain, small.length < plain.length ? small : null, brotli);
  }

  /// How a body is sent: its bytes, and its `Content-Encoding`, if any.
  record Form(byte[] bytes, @Nullable String encoding) {}

  /// The smallest form that the client takes (RFC 9110 §12.5.3). Browsers list what they take
  /// without weights, so one that is named with `q=0` is all there is to look for.
  Form form(@Nullable String accepted) {
    if (brotli != null && takes(accepted, "br")) {
      return new Form(brotli, "br");
    }
    if (gzip != null && takes(accepted, "gzip")) {
      return new Form(gzip, "gzip");
    }
    return new Form(plain, null);
  }

  private static boolean takes(@Nullable String accepted, String encoding) {
    if (accepted == null) {
      return false;
    }
    for (String part : accepted.split(",")) {
      String[] named = part.strip().split("\\s*;\\s*q=");
      if (named[0].equalsIgnoreCase(encoding)) {
        return named.length == 1 || !named[1].matches("0(\\.0*)?");
      }
    }
    return false;
  }

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(plain.length / 2 + 64);
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    } catch (IOException e) {
      throw new IllegalStateException("memory can be written", e);
    }
    return bytes.toByteArray();
  }
}
