package brume.node.image;

import brume.contract.CacheFolder;
import brume.node.image.ImageException.CacheUnusable;
import brume.node.image.ImageException.ContentRefused;
import brume.node.image.ImageException.SourceUnknown;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Turns an image source into files that a machine can boot. `builtin:NAME` is made once for a user
/// and kept; `file:/FOLDER` is a folder with a [ImageManifest] that somebody else looks after.
///
/// ```
/// images/NAME-RECIPE/{kernel,initrd,manifest}   whole or absent: renamed into place when done
/// downloads/                                     kept, so that a build goes on where it stopped
/// building/NAME-*/                               of the holder of the lock; else left by a crash
/// locks/NAME                                     one builder at a time, among processes too
/// ```
///
/// What was not used for a month goes: [CachePruning].
///
/// Digests are verified the first time this object hands a file out, and again when its size or
/// time has changed. A built-in image that was damaged is made anew; a folder that was, is refused.
public final class ImageCache {
  private static final String BUILTIN = "builtin:";
  private static final String FILE = "file:";
  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final int RECIPE_DIGITS = 12;

  private final Path root;
  private final Map<String, ImageBuilder> builders;
  private final Map<Path, Verified> verified = new ConcurrentHashMap<>();

  private final CachePruning pruning;
  private final AtomicBoolean pruned = new AtomicBoolean();

  private record Verified(long size, FileTime modified, String sha256) {}

  /// @param root see [CacheFolder#of]; made when it is first needed
  public ImageCache(Path root, List<ImageBuilder> builders, Clock clock) {
    this.root = root.toAbsolutePath();
    this.pruning = new CachePruning(this.root, clock);
    this.builders =
        builders.stream().collect(Collectors.toMap(ImageBuilder::name, Function.identity()));
  }

  /// Makes the image when it is not there yet, which takes as long as a download of some 120 MB;
  /// else some milliseconds. Any number of threads and processes may ask at once.
  public BootImage resolve(String source, ImageProgress progress) throws ImageException {
    if (source.startsWith(BUILTIN)) {
      ImageBuilder builder = builders.get(source.substring(BUILTIN.length()));
      if (builder == null) {
        throw unknown(source);
      }
      BootImage image = builtin(source, builder, progress);
      tidy(builder);
      return image;
    }
    if (source.startsWith(FILE)) {
      return inFolder(source);
    }
    throw unknown(source);
  }

  private SourceUnknown unknown(String source) {
    String shown = source.length() > 200 ? source.substring(0, 200) + "…" : source;
    String names = builders.keySet().stream().sorted().collect(Collectors.joining(", " + BUILTIN));
    return new SourceUnknown(
        "image source '"
            + shown
            + "' is not known: use "
            + BUILTIN
            + names
            + " or file:/FOLDER with a manifest, a kernel and an initrd");
  }

  private BootImage inFolder(String source) throws ImageException {
    Path folder = Path.of(source.substring(FILE.length()));
    if (!folder.isAbsolute()) {
      throw new SourceUnknown("a file: source needs an absolute path, not '" + folder + "'");
    }
    try {
      return verified(source, folder);
    } catch (NoSuchFileException e) {
      throw new SourceUnknown(
          "image source '" + source + "' lacks " + e.getFile() + ": put it there");
    } catch (IOException e) {
      throw new CacheUnusable("image source '" + source + "' can't be read: " + e, e);
    }
  }

  private BootImage builtin(String source, ImageBuilder builder, ImageProgress progress)
      throws ImageException {
    Path folder = folderOf(builder);
    try {
      Optional<BootImage> there = whole(source, folder);
      if (there.isPresent()) {
        return there.get();
      }
      Runnable waiting = () -> progress.report(ImageProgress.Phase.WAITING, builder.name(), 0, -1);
      Path lockFile = root.resolve("locks").resolve(builder.name());
      try (CacheLock _ = CacheLock.take(lockFile, PATIENCE, waiting)) {
        there = whole(source, folder);
        return there.isPresent() ? there.get() : build(source, builder, folder, progress);
      }
    } catch (IOException e) {
      throw new CacheUnusable(
          "the cache folder "
              + root
              + " can't be used ("
              + e
              + "): free space or mend its rights, or set "
              + CacheFolder.VARIABLE
              + " to another folder",
          e);
    }
  }

  /// Prunes once in this object's life, and only if it need not wait for a builder.
  private void tidy(ImageBuilder builder) {
    try {
      pruning.note(folderOf(builder));
      if (!pruned.getAndSet(true)) {
        Path lockFile = root.resolve("locks").resolve(builder.name());
        try (CacheLock _ = CacheLock.take(lockFile, Duration.ZERO, () -> {})) {
          pruning.prune();
        }
      }
    } catch (IOException | ImageException e) {
      // Old files take space and harm nothing: a cache that is read-only, or in use, keeps them.
    }
  }

  private Path folderOf(ImageBuilder builder) {
    return root.resolve("images")
        .resolve(builder.name() + "-" + builder.recipe().substring(0, RECIPE_DIGITS));
  }

  /// Empty when the image has to be made: it is not there, or not what its manifest says.
  private Optional<BootImage> whole(String source, Path folder) throws IOException {
    try {
      return Optional.of(verified(source, folder));
    } catch (NoSuchFileException | ContentRefused e) {
      return Optional.empty();
    } catch (ImageException e) {
      throw new IOException(e);
    }
  }

  private BootImage build(String source, ImageBuilder builder, Path folder, ImageProgress progress)
      throws ImageException, IOException {
    Path building = Files.createDirectories(root.resolve("building"));
    removeLeftovers(building, builder.name());
    Path downloads = Files.createDirectories(root.resolve("downloads"));
    Path fresh = Files.createTempDirectory(building, builder.name() + "-");
    try {
      builder.build(fresh, downloads, progress);
      for (String file : List.of("kernel", "initrd", ImageManifest.FILE_NAME)) {
        sync(fresh.resolve(file));
      }
      share(fresh);
      CachePruning.remove(folder);
      Files.createDirectories(folder.getParent());
      Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      CachePruning.remove(fresh);
    }
    return verified(source, folder);
  }

  /// Others may read it: agents that run as another user, in containers, are given this cache too.
  private static void share(Path folder) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(folder, PosixFileAttributeView.class);
    if (view != null) {
      view.setPermissions(PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  /// A rename that outlives a power cut must not name files that did not.
  private static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private BootImage verified(String source, Path folder) throws IOException, ImageException {
    ImageManifest manifest = ImageManifest.read(folder);
    String kernel = verify(folder, manifest.kernel());
    String initrd = verify(folder, manifest.initrd());
    ImageManifest complete =
        new ImageManifest(
            new ImageManifest.Part(
                manifest.kernel().file(), size(folder, manifest.kernel()), kernel),
            new ImageManifest.Part(
                manifest.initrd().file(), size(folder, manifest.initrd()), initrd),
            manifest.commandLine(),
            manifest.minMemoryMib(),
            manifest.origins());
    return new BootImage(
        source,
        folder.resolve(manifest.kernel().file()),
        folder.resolve(manifest.initrd().file()),
        manifest.commandLine(),
        Sha256.of(complete.text().getBytes(java.nio.charset.StandardCharsets.UTF_8)),
        manifest.minMemoryMib());
  }

  private static long size(Path folder, ImageManifest.Part part) throws IOException {
    return Files.size(folder.resolve(part.file()));
  }

  private String verify(Path folder, ImageManifest.Part part) throws IOException, ImageException {
    Path file = folder.resolve(part.file());
    long size = Files.size(file);
    if (size > ImageManifest.PART_BYTES_MAX || (part.size() >= 0 && size != part.size())) {
      throw new ContentRefused(
          file
              + " has "
              + size
              + " bytes; its manifest says "
              + part.size()
              + " and at most "
              + ImageManifest.PART_BYTES_MAX
              + " are taken: put the right file there");
    }
    FileTime modified = Files.getLastModifiedTime(file);
    Verified known = verified.get(file);
    if (known == null || known.size != size || !known.modified.equals(modified)) {
      known = new Verified(size, modified, Sha256.of(file));
    }
    if (part.sha256() != null && !part.sha256().equals(known.sha256)) {
      verified.remove(file);
      throw new ContentRefused(
          file
              + " has SHA-256 "
              + known.sha256
              + ", its manifest says "
              + part.sha256()
              + ": put the right file there, or write its digest into the manifest");
    }
    verified.put(file, known);
    return known.sha256;
  }

  private static void removeLeftovers(Path building, String name) throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(building, name + "-*")) {
      for (Path folder : left) {
        CachePruning.remove(folder);
      }
    }
  }
}
