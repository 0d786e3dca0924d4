package brume.node.image.debian;

import brume.node.image.ImageException.MirrorUnknown;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Where Debian's packages can be fetched from: what `BRUME_DEBIAN_MIRROR` says, else the mirrors
/// that this machine's own apt is set to, the most used first. No mirror is built in.
final class Mirrors {
  static final String VARIABLE = "BRUME_DEBIAN_MIRROR";

  private static final int APT_OUTPUT_BYTES_MAX = 1 << 20;
  private static final long APT_SECONDS_MAX = 20;

  private Mirrors() {}

  /// How apt is asked; empty where there is no apt. Each line: origin, a blank, site.
  @FunctionalInterface
  interface AptTargets {
    Optional<List<String>> lines();
  }

  static List<URI> find(Map<String, String> environment, AptTargets apt) throws MirrorUnknown {
    String own = environment.getOrDefault(VARIABLE, "").strip();
    if (!own.isEmpty()) {
      return List.of(parse(own));
    }
    Optional<List<String>> lines = apt.lines();
    if (lines.isEmpty()) {
      throw new MirrorUnknown(
          "this machine has no apt that would name a Debian mirror: set "
              + VARIABLE
              + " to the address of one, the folder that holds 'dists' and 'pool'");
    }
    Map<String, Integer> uses = new LinkedHashMap<>();
    for (String line : lines.get()) {
      String[] words = line.strip().split(" ", 2);
      String site = words[words.length - 1].strip();
      // Lists that were never fetched have no origin: then only the mirror's answer can tell.
      boolean debian = words.length == 1 || words[0].isEmpty() || words[0].equals("Debian");
      boolean http = site.startsWith("http://") || site.startsWith("https://");
      if (debian && http && !site.replaceAll("/+$", "").endsWith("-security")) {
        uses.merge(site, 1, Integer::sum);
      }
    }
    if (uses.isEmpty()) {
      throw new MirrorUnknown(
          "this machine's apt names no Debian mirror that speaks http or https: set "
              + VARIABLE
              + " to the address of one, the folder that holds 'dists' and 'pool'");
    }
    List<URI> found = new java.util.ArrayList<>();
    for (Map.Entry<String, Integer> use :
        uses.entrySet().stream()
            .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
            .limit(4)
            .toList()) {
      found.add(parse(use.getKey()));
    }
    return List.copyOf(found);
  }

  private static URI parse(String text) throws MirrorUnknown {
    try {
      URI uri = URI.create(text.endsWith("/") ? text : text + "/");
      if (uri.getHost() != null && List.of("http", "https").contains(uri.getScheme())) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Said below, as for an address that can be read and not used.
    }
    throw new MirrorUnknown(
        "'" + text + "' is not an http or https address of a mirror: mend " + VARIABLE);
  }

  /// Asks the apt of this machine.
  static Optional<List<String>> askApt() {
    Process process;
    try {
      process =
          new ProcessBuilder(
                  "apt-get",
                  "indextargets",
                  "--format",
                  "$(ORIGIN) $(SITE)",
                  "Created-By: Packages")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      return Optional.empty();
    }
    try {
      process.getOutputStream().close();
      String output =
          new String(
              process.getInputStream().readNBytes(APT_OUTPUT_BYTES_MAX), StandardCharsets.UTF_8);
      return process.waitFor(APT_SECONDS_MAX, TimeUnit.SECONDS) && process.exitValue() == 0
          ? Optional.of(output.lines().toList())
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      process.destroyForcibly();
    }
  }
}
