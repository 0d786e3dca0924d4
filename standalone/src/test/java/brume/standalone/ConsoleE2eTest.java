package brume.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The web console in a real browser, before a whole cloud with a Debian guest: what a person does
/// is written in `console/e2e/console.mjs`, and each page's pictures lie in
/// `console/target/screenshots` after it.
class ConsoleE2eTest {
  private static final Path CONSOLE =
      Path.of(System.getProperty("brume.repository")).resolve("console");
  private static final List<String> BROWSERS =
      List.of("chromium", "chromium-browser", "google-chrome");

  /// What the script ends with where the browser is there and can't be started.
  private static final int NO_BROWSER = 77;

  @Test
  void aPersonLaunchesUsesEndsAndIsBilledForAnInstance(@TempDir Path folder) throws Exception {
    Optional<Path> browser = BROWSERS.stream().flatMap(name -> onPath(name).stream()).findFirst();
    assumeTrue(browser.isPresent(), "skipped: there is no Chromium on the PATH");
    assumeTrue(onPath("node").isPresent(), "skipped: there is no Node.js on the PATH");
    assumeTrue(
        getClass().getResource("/console/index.html") != null
            && Files.isDirectory(CONSOLE.resolve("node_modules/playwright-core")),
        "skipped: the console was left out of this build");
    TourE2eTest.assumeImage();

    Path output = folder.resolve("output");
    int exit;
    try (Cloud cloud =
        Cloud.on(new CloudOptions(folder.resolve("data"), 0, 2, null, Map.of())).start()) {
      ProcessBuilder builder =
          new ProcessBuilder("node", "e2e/console.mjs")
              .directory(CONSOLE.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().put("BRUME_URL", cloud.url());
      builder.environment().put("BRUME_TOKEN", cloud.token());
      builder.environment().put("BRUME_CHROMIUM", browser.orElseThrow().toString());
      Process process = builder.start();
      try {
        assertThat(process.waitFor(8, TimeUnit.MINUTES)).as(Files.readString(output)).isTrue();
        exit = process.exitValue();
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
    String said = Files.readString(output, StandardCharsets.UTF_8);
    assumeFalse(exit == NO_BROWSER, () -> "skipped: Chromium does not start here: " + said);
    assertThat(exit).as(said).isZero();
  }

  private static Optional<Path> onPath(String name) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
