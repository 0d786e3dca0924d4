package brume.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The web console in a real browser, before a whole cloud with Debian guests: what a person does
/// is written in `console/e2e`, and each page's pictures lie in `console/target/screenshots` after
/// it.
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

    BillingClock.goAhead(Duration.ZERO);
    try (Cloud cloud =
        Cloud.on(new CloudOptions(folder.resolve("data"), 0, 2, null, BillingClock.OVERRIDES))
            .start()) {
      YearMonth month = YearMonth.now(ZoneOffset.UTC);
      walk("console.mjs", cloud, browser.orElseThrow(), folder, Map.of());
      Instant next = month.plusMonths(1).atDay(2).atStartOfDay().toInstant(ZoneOffset.UTC);
      BillingClock.goAhead(Duration.between(Instant.now(), next));
      walk(
          "invoice.mjs",
          cloud,
          browser.orElseThrow(),
          folder,
          Map.of("BRUME_MONTH", month.toString()));
    } finally {
      BillingClock.goAhead(Duration.ZERO);
    }
  }

  private static void walk(
      String script, Cloud cloud, Path browser, Path folder, Map<String, String> more)
      throws Exception {
    Path output = folder.resolve(script + ".txt");
    ProcessBuilder builder =
        new ProcessBuilder("node", "e2e/" + script)
            .directory(CONSOLE.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("BRUME_URL", cloud.url());
    builder.environment().put("BRUME_TOKEN", cloud.token());
    builder.environment().put("BRUME_CHROMIUM", browser.toString());
    builder.environment().putAll(more);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(8, TimeUnit.MINUTES)).as(() -> text(output)).isTrue();
      int exit = process.exitValue();
      assumeFalse(
          exit == NO_BROWSER, () -> "skipped: Chromium does not start here: " + text(output));
      assertThat(exit).as(() -> text(output)).isZero();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Path> onPath(String name) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
