package brume.node.image.debian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import brume.node.image.BootImage;
import brume.node.image.BuildImage;
import brume.node.image.ImageException.MirrorUnknown;
import brume.node.image.ImageException.MirrorUnreachable;
import brume.node.image.ImageProgress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/// The real image, from the user's cache or the mirror of this machine; skipped where neither is.
class DebianMicroRealTest {

  @Test
  void debiansOwnPackagesMakeTheImage() throws Exception {
    BootImage image;
    try {
      image =
          BuildImage.ofUser(System.getenv())
              .resolve("builtin:debian-micro", ImageProgress.silent());
    } catch (MirrorUnknown | MirrorUnreachable e) {
      abort("no Debian mirror answers here: " + e.getMessage());
      return;
    }
    assertThat(Files.size(image.kernel())).isBetween(10L << 20, 100L << 20);
    assertThat(Files.size(image.initrd())).isBetween(1L << 20, 8L << 20);
    assertThat(Files.readString(image.initrd(), StandardCharsets.ISO_8859_1))
        .contains("BusyBox v", "brume.control", "virtio_net.ko: net_failover.ko failover.ko\n")
        .contains("ext4.ko: ")
        .doesNotContain("Module signature appended");
  }
}
