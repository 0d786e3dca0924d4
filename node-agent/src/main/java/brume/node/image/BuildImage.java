package brume.node.image;

import brume.contract.CacheFolder;
import brume.node.image.debian.DebianMicro;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `BuildImage NAME [--out FOLDER]`: makes a built-in image, or finds it in the cache, prints its
/// progress and where it lies, and copies it to FOLDER when asked.
public final class BuildImage {
  private static final String USAGE =
      "usage: BuildImage NAME [--out FOLDER]   (NAME: debian-micro)";

  private BuildImage() {}

  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments), System.getenv(), System.out, System.err));
  }

  /// @return the exit status: 0 done, 1 the image can't be had, 2 the arguments make no sense
  static int run(
      List<String> arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
    boolean withOut = arguments.size() == 3 && arguments.get(1).equals("--out");
    if (arguments.size() != 1 && !withOut) {
      err.println(USAGE);
      return 2;
    }
    try {
      ImageCache cache = ofUser(environment);
      String name = arguments.getFirst();
      String source = name.contains(":") ? name : "builtin:" + name;
      BootImage image = cache.resolve(source, new ProgressLines(err));
      print(withOut ? copy(image, Path.of(arguments.get(2))) : image, out);
      return 0;
    } catch (ImageException e) {
      err.println("brume: " + e.getMessage());
      return 1;
    } catch (IOException e) {
      err.println("brume: can't copy the image: " + e);
      return 1;
    }
  }

  /// The cache of the user who runs this process, with every built-in image.
  public static ImageCache ofUser(Map<String, String> environment) {
    Clock clock = Clock.systemUTC();
    return new ImageCache(
        CacheFolder.of(environment), List.of(DebianMicro.of(environment, clock)), clock);
  }

  private static BootImage copy(BootImage image, Path folder) throws IOException {
    Files.createDirectories(folder);
    Path kernel = folder.resolve("kernel");
    Path initrd = folder.resolve("initrd");
    Files.copy(image.kernel(), kernel, StandardCopyOption.REPLACE_EXISTING);
    Files.copy(image.initrd(), initrd, StandardCopyOption.REPLACE_EXISTING);
    ImageManifest.of(
            folder, image.commandLine(), image.minMemoryMib(), List.of("copy of " + image.source()))
        .write(folder);
    return new BootImage(
        image.source(), kernel, initrd, image.commandLine(), image.digest(), image.minMemoryMib());
  }

  private static void print(BootImage image, PrintStream out) {
    out.println("kernel " + image.kernel());
    out.println("initrd " + image.initrd());
    out.println("append " + image.commandLine());
    out.println("min-memory-mib " + image.minMemoryMib());
    out.println("digest " + image.digest());
  }

  /// A line whenever the phase or the file changes, and at each tenth of it.
  private static final class ProgressLines implements ImageProgress {
    private final PrintStream to;
    private @Nullable String last;

    ProgressLines(PrintStream to) {
      this.to = to;
    }

    @Override
    public void report(Phase phase, String what, long done, long total) {
      String line = phase.words() + ": " + what;
      if (total > 0) {
        line += " " + done * 10 / total * 10 + " % of " + (total + (1 << 19)) / (1 << 20) + " MiB";
      }
      if (!line.equals(last)) {
        to.println(line);
        last = line;
      }
    }
  }
}
