package brume.hypervisor.firmware;

import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.firmware.VirtTree.Region;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The device trees of two machines, as text. To accept a wanted change, copy what the failure
/// prints into `src/test/resources/brume/hypervisor/firmware`.
class VirtTreeTest {
  @TempDir Path folder;

  private static byte[] seed() {
    byte[] seed = new byte[64];
    Arrays.fill(seed, (byte) 0xa5);
    return seed;
  }

  private static byte[] paravirtual() {
    Region initrd = new Region(0x8f00_0000L, 0x8f12_3456L);
    return new VirtTree(256L << 20, 1, 2, false, "console=ttyS0 quiet", initrd).write(seed());
  }

  private static byte[] full() {
    return new VirtTree(6L << 30, 2, 0, true, "", null).write(seed());
  }

  private static String golden(String name) throws IOException {
    try (InputStream file = VirtTreeTest.class.getResourceAsStream(name)) {
      assertThat(file).as(name).isNotNull();
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aParavirtualMachine() throws IOException {
    assertThat(DeviceTreeText.of(paravirtual())).isEqualTo(golden("paravirtual.dts"));
  }

  @Test
  void aFullMachineOfTwoHarts() throws IOException {
    assertThat(DeviceTreeText.of(full())).isEqualTo(golden("full.dts"));
  }

  /// Skipped where the device tree compiler is not installed.
  @Test
  void theDeviceTreeCompilerReadsTheSame() throws Exception {
    Path tree = Files.write(folder.resolve("tree.dtb"), paravirtual());
    Process process;
    try {
      process =
          new ProcessBuilder("dtc", "-q", "-I", "dtb", "-O", "dts", tree.toString())
              .redirectError(folder.resolve("errors").toFile())
              .start();
    } catch (IOException notInstalled) {
      Assumptions.abort("dtc is not installed");
      return;
    }
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertThat(process.waitFor()).isZero();
    assertThat(printed.replaceAll("\\s+", " ").strip().replace("\", \"", "\\0"))
        .isEqualTo(DeviceTreeText.of(paravirtual()).replaceAll("\\s+", " ").strip());
  }
}
