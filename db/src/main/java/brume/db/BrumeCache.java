package brume.db;

import java.nio.file.Path;

/// Where things are kept that can be made or fetched again, for all clones of the project and all
/// data folders of a user: `BRUME_CACHE`, else `brume` below the user's cache folder.
public final class BrumeCache {
  private BrumeCache() {}

  public static Path folder() {
    String own = System.getenv("BRUME_CACHE");
    if (own != null && !own.isBlank()) {
      return Path.of(own);
    }
    String base = System.getenv("XDG_CACHE_HOME");
    return base != null && !base.isBlank()
        ? Path.of(base, "brume")
        : Path.of(System.getProperty("user.home"), ".cache", "brume");
  }
}
