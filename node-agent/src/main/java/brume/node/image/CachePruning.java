package brume.node.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Takes out of the cache what nobody has used for [#UNUSED_FOR]: images of old recipes, and
/// downloads that no image left is made of. Another clone of the source may be older and still use
/// its recipe: each use is noted in the time of the image's folder, to the day.
///
/// A download is a file that is called by its digest, or so with `.part`. It is kept while its name
/// stands in an image's manifest or in another text among the downloads (Debian's signed release
/// names the index that was read).
final class CachePruning {
  static final Duration UNUSED_FOR = Duration.ofDays(30);

  private static final Duration NOTED_EACH = Duration.ofDays(1);
  private static final Pattern IMAGE = Pattern.compile(".+-[0-9a-f]{12}");
  private static final Pattern DOWNLOAD = Pattern.compile("[0-9a-f]{64}(\\.part)?");
  private static final long TEXT_BYTES_MAX = 4L << 20;

  private final Path root;
  private final Clock clock;

  CachePruning(Path root, Clock clock) {
    this.root = root;
    this.clock = clock;
  }

  /// Notes that an image is in use, where this process may.
  void note(Path image) throws IOException {
    if (age(image).compareTo(NOTED_EACH) > 0 && Files.isWritable(image)) {
      Files.setLastModifiedTime(image, FileTime.from(clock.instant()));
    }
  }

  /// To be called by the holder of the builders' lock: a build reads what was downloaded before.
  void prune() throws IOException {
    List<String> texts = new ArrayList<>();
    for (Path image : list(root.resolve("images"))) {
      boolean made = IMAGE.matcher(image.getFileName().toString()).matches();
      if (made && age(image).compareTo(UNUSED_FOR) > 0) {
        remove(image);
      } else {
        read(image.resolve(ImageManifest.FILE_NAME), texts);
      }
    }
    List<Path> old = new ArrayList<>();
    for (Path file : list(root.resolve("downloads"))) {
      if (!DOWNLOAD.matcher(file.getFileName().toString()).matches()) {
        read(file, texts);
      } else if (age(file).compareTo(UNUSED_FOR) > 0) {
        old.add(file);
      }
    }
    for (Path file : old) {
      String name = file.getFileName().toString();
      if (texts.stream().noneMatch(text -> text.contains(name))) {
        Files.deleteIfExists(file);
      }
    }
  }

  private Duration age(Path path) throws IOException {
    Instant modified = Files.getLastModifiedTime(path).toInstant();
    return Duration.between(modified, clock.instant());
  }

  private static List<Path> list(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
      List<Path> all = new ArrayList<>();
      found.forEach(all::add);
      return all;
    }
  }

  private static void read(Path file, List<String> into) throws IOException {
    try {
      if (Files.size(file) <= TEXT_BYTES_MAX) {
        into.add(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    } catch (NoSuchFileException e) {
      // Then it names nothing.
    }
  }

  static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
