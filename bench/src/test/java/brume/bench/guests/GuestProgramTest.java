package brume.bench.guests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The committed guest programs and the sums in the table are those of the source.
class GuestProgramTest {
  private static final Path SOURCE =
      Path.of(System.getProperty("brume.repository", ".."), "bench", "src", "guest");
  private static final List<String> FILES =
      List.of(
          "build.sh",
          "calls.c",
          "code.c",
          "floating.c",
          "guest.h",
          "integer.c",
          "main.c",
          "memory.c",
          "operating.c",
          "system.h");

  @Test
  void theGuestProgramsWereBuiltFromThisSource() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (String file : FILES) {
      digest.update(Files.readAllBytes(SOURCE.resolve(file)));
    }
    try (var recorded = GuestProgram.class.getResourceAsStream("guest.elf.source")) {
      assertThat(recorded).isNotNull();
      assertThat(new String(recorded.readAllBytes(), StandardCharsets.US_ASCII).strip())
          .as("run bench/src/guest/build.sh and commit what it makes")
          .isEqualTo(HexFormat.of().formatHex(digest.digest()));
    }
  }

  /// Where the host has a C compiler: quick sizes, about a second in all.
  @Test
  void theHostComputesTheSumsOfTheTable() throws Exception {
    assumeTrue(hasCompiler(), "no gcc");
    List<String> command = new ArrayList<>(List.of(SOURCE.resolve("build.sh").toString()));
    List<String> expected = new ArrayList<>();
    for (GuestProgram program : GuestProgram.values()) {
      if (program != GuestProgram.COLD) {
        GuestProgram.Size size = program.size(true);
        command.addAll(List.of(program.label(), Long.toString(size.times())));
        expected.add(
            "%s %d %s".formatted(program.label(), size.times(), Long.toHexString(size.sum())));
      }
    }
    assertThat(output(command.toArray(String[]::new)).lines())
        .filteredOn(line -> !line.equals("bench: up"))
        .map(line -> line.replaceAll("^bench: (.*) [0-9]+$", "$1"))
        .containsExactlyElementsOf(expected);
  }

  private static boolean hasCompiler() throws InterruptedException {
    try {
      output("gcc", "--version");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static String output(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
