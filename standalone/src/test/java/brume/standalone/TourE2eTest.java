package brume.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import brume.node.image.BuildImage;
import brume.node.image.ImageException;
import brume.node.image.ImageProgress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// The README's first command, with an unmodified Debian kernel as the guest.
class TourE2eTest {
  @Test
  void theTourShowsAGuestAndAnInvoiceThatAgree(@TempDir Path folder) {
    assumeImage();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    int exit;
    PrintStream before = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      exit = new CommandLine(new Standalone()).execute("tour", "--data", folder.toString());
    } finally {
      System.setOut(before);
    }
    String text = printed.toString(StandardCharsets.UTF_8);
    assertThat(exit).as(text).isZero();
    assertThat(text)
        .contains("riscv64 GNU/Linux")
        .contains("e1.micro")
        .containsPattern(
            "The invoice bills (\\d+) s for i-[0-9a-f]{17}; its transitions show it running for \\1 s\\.");
  }

  static void assumeImage() {
    try {
      BuildImage.ofUser(System.getenv()).resolve("builtin:debian-micro", ImageProgress.silent());
    } catch (ImageException e) {
      assumeTrue(false, "skipped: the image debian-micro is missing: " + e.getMessage());
    }
  }
}
