package brume.node.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageManifestTest {
  private static final String GOOD =
      """
      brume-image 1
      kernel vmlinux 12 %s
      initrd initrd.cpio
      append console=ttyS0 quiet
      min-memory-mib 96
      origin one
      origin two
      """
          .formatted("a".repeat(64));

  @Test
  void saysBackWhatItRead() {
    ImageManifest manifest = ImageManifest.parse(GOOD);
    assertThat(manifest.text()).isEqualTo(GOOD);
    assertThat(manifest.kernel().size()).isEqualTo(12);
    assertThat(manifest.initrd().sha256()).isNull();
  }

  @Test
  void remarksAndEmptyLinesCountForNothing() {
    assertThat(ImageManifest.parse("# mine\n\n" + GOOD.replace("origin one", "# why")).origins())
        .containsExactly("two");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          brume-image 1     | brume-image 2          | first line must be
          kernel vmlinux    | kernel ../vmlinux      | file must match
          kernel vmlinux    | kernel a/vmlinux       | file must match
          vmlinux 12        | vmlinux                | needs its name, or its name, size
          vmlinux 12        | vmlinux twelve         | For input string
          vmlinux 12        | vmlinux 1073741825     | vmlinux bytes must be
          aaaa              | aaaA                   | vmlinux sha256 must match
          min-memory-mib 96 | min-memory-mib 0       | min-memory-mib must be 1 to
          min-memory-mib 96 | min-memory-mib 9999999 | min-memory-mib must be 1 to
          initrd            | initramfs              | is none of kernel
          origin one        | min-memory-mib 97      | comes twice
          min-memory-mib 96 | # none                 | it has no line 'min-memory-mib'
          quiet             | quïet                  | append must match
          """)
  void namesWhatIsWrong(String from, String to, String reason) {
    assertThatThrownBy(() -> ImageManifest.parse(GOOD.replaceFirst(from, to)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void aCommandLineThatTheKernelWouldCutIsRefused() {
    assertThatThrownBy(() -> ImageManifest.parse(GOOD.replace("quiet", "q".repeat(1020))))
        .hasMessageContaining("append must have 0 to 1023 characters");
  }
}
