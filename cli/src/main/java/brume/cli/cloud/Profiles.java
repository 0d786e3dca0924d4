package brume.cli.cloud;

import brume.cli.process.CommandFailure;
import brume.cli.process.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The profiles in a user's file, which nobody else may read: `use = NAME` at the top, then a
/// section `[NAME]` with `key = value` lines for each. It is made new beside the old one and put in
/// its place, so that a command which breaks off leaves one or the other.
public final class Profiles {
  /// What a profile may hold.
  public static final List<String> KEYS = List.of("url", "token", "output", "detach-key");

  private static final long BYTES_MAX = 1 << 20;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Path file;
  private final Map<String, Map<String, String>> sections;
  private Optional<String> inUse;

  private Profiles(Path file, Optional<String> inUse, Map<String, Map<String, String>> sections) {
    this.file = file;
    this.inUse = inUse;
    this.sections = sections;
  }

  /// `BRUME_CONFIG`, else `brume/config` in `XDG_CONFIG_HOME`, else `~/.config/brume/config`.
  public static Path file(Map<String, String> environment) {
    String own = environment.get("BRUME_CONFIG");
    if (own != null && !own.isEmpty()) {
      return Path.of(own);
    }
    String folder = environment.get("XDG_CONFIG_HOME");
    return folder != null && !folder.isEmpty()
        ? Path.of(folder, "brume", "config")
        : Path.of(
            environment.getOrDefault("HOME", System.getProperty("user.home")),
            ".config",
            "brume",
            "config");
  }

  /// Throws [CommandFailure] where the file is there and can not be understood.
  public static Profiles read(Path file) {
    List<String> lines;
    try {
      if (Files.exists(file) && Files.size(file) > BYTES_MAX) {
        throw unreadable(file, "is longer than " + BYTES_MAX + " bytes");
      }
      lines = Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      lines = List.of();
    } catch (IOException e) {
      throw unreadable(file, "can not be read (" + e.getMessage() + ")");
    }
    Map<String, Map<String, String>> sections = new TreeMap<>();
    Optional<String> inUse = Optional.empty();
    String section = "";
    for (int number = 1; number <= lines.size(); number++) {
      String line = lines.get(number - 1).strip();
      int equals = line.indexOf('=');
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      if (line.startsWith("[") && line.endsWith("]")) {
        section = checkedName(line.substring(1, line.length() - 1).strip());
        sections.putIfAbsent(section, new LinkedHashMap<>());
      } else if (equals < 1) {
        throw unreadable(file, "line " + number + " is neither [NAME] nor key = value");
      } else if (section.isEmpty()) {
        if (!line.substring(0, equals).strip().equals("use")) {
          throw unreadable(file, "line " + number + ": only 'use = NAME' stands before a [NAME]");
        }
        inUse = Optional.of(line.substring(equals + 1).strip());
      } else {
        sections
            .getOrDefault(section, new LinkedHashMap<>())
            .put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
      }
    }
    return new Profiles(file, inUse, sections);
  }

  private static CommandFailure unreadable(Path file, String why) {
    return new CommandFailure(ExitCode.USAGE, "the profiles' file " + file + " " + why);
  }

  public static String checkedName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "a profile's name must be 1 to 64 letters, digits, '.', '_' or '-', and begin with a"
              + " letter or digit, not '"
              + name
              + "'");
    }
    return name;
  }

  public Path file() {
    return file;
  }

  /// Whether others than the owner may read it; false where the file system knows no such thing.
  public boolean othersMayRead() {
    try {
      return Files.exists(file) && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file));
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  public Optional<String> inUse() {
    return inUse;
  }

  public Set<String> names() {
    return sections.keySet();
  }

  /// Throws [CommandFailure] where there is none of this name.
  public Map<String, String> profile(String name) {
    Map<String, String> found = sections.get(name);
    if (found == null) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "there is no profile '"
              + name
              + "' in "
              + file
              + ": "
              + (sections.isEmpty()
                  ? "'brume login --profile " + name + "' makes one"
                  : "there are " + String.join(", ", sections.keySet())));
    }
    return found;
  }

  /// Makes the profile if there is none.
  public void set(String name, String key, String value) {
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw new CommandFailure(ExitCode.USAGE, key + " must be one line");
    }
    sections.computeIfAbsent(checkedName(name), _ -> new LinkedHashMap<>()).put(key, value);
  }

  public void unset(String name, String key) {
    profile(name).remove(key);
  }

  public void remove(String name) {
    profile(name);
    sections.remove(name);
    inUse = inUse.filter(used -> !used.equals(name));
  }

  public void use(String name) {
    if (!name.equals(Endpoint.HERE)) {
      profile(name);
    }
    inUse = Optional.of(name);
  }

  /// Throws [CommandFailure] where it can not be written.
  public void write() {
    StringBuilder text = new StringBuilder("# Written by 'brume config' and 'brume login'.\n");
    inUse.ifPresent(name -> text.append("use = ").append(name).append('\n'));
    sections.forEach((name, values) -> {
      text.append("\n[").append(name).append("]\n");
      values.forEach((key, value) -> text.append(key).append(" = ").append(value).append('\n'));
    });
    try {
      Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
      Path folder = target.getParent();
      if (folder == null) {
        throw new IOException("it is no file");
      }
      Files.createDirectories(folder);
      // Made for the owner alone by the JDK, before anything is in it.
      Path fresh = Files.createTempFile(folder, "config", ".new");
      try {
        Files.writeString(fresh, text.toString(), StandardCharsets.UTF_8);
        Files.move(
            fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(fresh);
      }
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.REFUSED, "the profiles' file " + file + " can not be written: " + e);
    }
  }
}
