package brume.compute.webconsole;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/// All files of the console, read once and held: a path is looked up among them and nowhere else,
/// so no request reaches a file that was not built for it.
final class ConsoleFiles {
  static final String INDEX = "index.html";

  private static final String MARK = "console/";
  private static final int FILES_MAX = 2_000;
  private static final long BYTES_MAX = 64L << 20;

  private final Map<String, ConsoleFile> files;

  private ConsoleFiles(Map<String, ConsoleFile> files) {
    this.files = Map.copyOf(files);
  }

  /// @param folder where they lie, as Spring names places; its last part is `console/`
  static ConsoleFiles read(String folder) {
    if (!folder.endsWith(MARK)) {
      throw new IllegalArgumentException("the console's folder must end with " + MARK);
    }
    try {
      Map<String, byte[]> found = bytes(folder);
      Map<String, ConsoleFile> files = new TreeMap<>();
      found.forEach((path, plain) -> {
        if (!path.endsWith(".gz") && !path.endsWith(".br")) {
          files.put(
              path, ConsoleFile.of(path, plain, found.get(path + ".gz"), found.get(path + ".br")));
        }
      });
      return new ConsoleFiles(files);
    } catch (IOException e) {
      throw new IllegalStateException("the console's files can't be read", e);
    }
  }

  private static Map<String, byte[]> bytes(String folder) throws IOException {
    Map<String, byte[]> found = new TreeMap<>();
    long total = 0;
    for (Resource resource :
        new PathMatchingResourcePatternResolver().getResources(folder + "**/*")) {
      String url = resource.getURL().toString();
      if (url.endsWith("/") || !resource.isReadable()) {
        continue;
      }
      try (InputStream in = resource.getInputStream()) {
        byte[] bytes = in.readAllBytes();
        total += bytes.length;
        found.put(url.substring(url.lastIndexOf("/" + MARK) + 1 + MARK.length()), bytes);
      }
      if (found.size() > FILES_MAX || total > BYTES_MAX) {
        throw new IllegalStateException(
            "the console has more than " + FILES_MAX + " files or " + BYTES_MAX + " bytes");
      }
    }
    return found;
  }

  /// @param path without the slash it begins with
  @Nullable ConsoleFile find(String path) {
    return files.get(path);
  }
}
