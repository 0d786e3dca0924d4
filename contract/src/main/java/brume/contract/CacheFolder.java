package brume.contract;

import java.nio.file.Path;
import java.util.Map;

/// Where things lie that can be made or fetched again, such as guest images and PostgreSQL's
/// programs: `BRUME_CACHE`, else `brume` in `XDG_CACHE_HOME`, else `~/.cache/brume`. All clones of
/// the source and all data folders of one user share it.
public final class CacheFolder {
  public static final String VARIABLE = "BRUME_CACHE";

  private CacheFolder() {}

  public static Path of(Map<String, String> environment) {
    String own = environment.getOrDefault(VARIABLE, "");
    if (!own.isBlank()) {
      return Path.of(own).toAbsolutePath();
    }
    // The XDG base directory specification: a relative path there is to be ignored.
    String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
    if (!xdg.isBlank() && Path.of(xdg).isAbsolute()) {
      return Path.of(xdg, "brume");
    }
    String home = environment.getOrDefault("HOME", "");
    return Path.of(home.isBlank() ? System.getProperty("user.home", ".") : home, ".cache", "brume")
        .toAbsolutePath();
  }
}
