package brume.node.image.debian;

import brume.node.image.ImageException.ContentRefused;
import brume.node.image.ImageException.SignatureRefused;
import brume.node.image.Sha256;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// What a suite's `InRelease` says: which index files belong to it, by digest. Only made from a
/// [SignedText].
///
/// @param byHash whether the mirror keeps index files under their digest as well
record ReleaseFile(String codename, boolean byHash, Map<String, Index> indexes) {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss 'UTC'", Locale.ROOT);
  private static final long INDEX_BYTES_MAX = 512L << 20;

  /// One index file.
  record Index(String path, long size, String sha256) {}

  ReleaseFile {
    indexes = Map.copyOf(indexes);
  }

  static ReleaseFile parse(SignedText text, Instant now) throws ContentRefused, SignatureRefused {
    Map<String, String> fields = new HashMap<>();
    Map<String, Index> indexes = new HashMap<>();
    String field = "";
    for (String line : text.lines()) {
      if (line.startsWith(" ")) {
        if (field.equals("SHA256")) {
          Index index = index(line);
          indexes.put(index.path(), index);
        }
        continue;
      }
      int colon = line.indexOf(':');
      if (colon > 0) {
        field = line.substring(0, colon);
        fields.put(field, line.substring(colon + 1).strip());
      }
    }
    requireFresh(fields.get("Valid-Until"), now);
    return new ReleaseFile(
        fields.getOrDefault("Codename", ""),
        fields.getOrDefault("Acquire-By-Hash", "no").equals("yes"),
        indexes);
  }

  private static Index index(String line) throws ContentRefused {
    String[] words = line.strip().split(" +");
    if (words.length == 3
        && Sha256.FORM.matcher(words[0]).matches()
        && words[1].matches("[0-9]{1,10}")
        && Long.parseLong(words[1]) <= INDEX_BYTES_MAX * 8) {
      return new Index(words[2], Long.parseLong(words[1]), words[0]);
    }
    throw new ContentRefused("InRelease has a line that is no digest, size and path: " + line);
  }

  private static void requireFresh(
      @org.jspecify.annotations.Nullable String validUntil, Instant now) throws SignatureRefused {
    if (validUntil == null) {
      return; // A stable suite does not end by itself.
    }
    Instant end;
    try {
      end = LocalDateTime.parse(validUntil, DATE).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw new SignatureRefused("InRelease has a Valid-Until that is no date: " + validUntil);
    }
    if (end.isBefore(now)) {
      throw new SignatureRefused(
          "the mirror's InRelease was valid until "
              + validUntil
              + " and it is "
              + now
              + ": set this machine's clock, or set "
              + Mirrors.VARIABLE
              + " to a mirror that is up to date");
    }
  }

  Index need(String path) throws ContentRefused {
    Index index = indexes.get(path);
    if (index == null || index.size() > INDEX_BYTES_MAX) {
      throw new ContentRefused(
          "the suite '" + codename + "' has no usable index " + path + ": use another mirror");
    }
    return index;
  }
}
