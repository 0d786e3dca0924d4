package brume.node.image.debian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.node.image.ImageException.MirrorUnknown;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MirrorsTest {

  @Test
  void theEnvironmentWinsAndAptIsNotAsked() throws Exception {
    assertThat(
            Mirrors.find(
                Map.of("BRUME_DEBIAN_MIRROR", "http://m.example/debian"),
                () -> {
                  throw new AssertionError("asked");
                }))
        .containsExactly(URI.create("http://m.example/debian/"));
  }

  @Test
  void aptsMostUsedDebianMirrorComesFirst() throws Exception {
    assertThat(
            found(
                "Debian http://one.example/debian/",
                "Debian http://two.example/debian",
                "Debian http://two.example/debian",
                "Debian http://two.example/debian-security",
                "Ubuntu http://three.example/ubuntu",
                "Debian cdrom:[x]/",
                " http://never-updated.example/debian/"))
        .containsExactly(
            URI.create("http://two.example/debian/"),
            URI.create("http://one.example/debian/"),
            URI.create("http://never-updated.example/debian/"));
  }

  @Test
  void whereNothingNamesAMirrorTheMessageSaysWhatToSet() {
    assertThatThrownBy(() -> Mirrors.find(Map.of(), Optional::empty))
        .isInstanceOf(MirrorUnknown.class)
        .hasMessageContaining("no apt")
        .hasMessageContaining("set BRUME_DEBIAN_MIRROR");
    assertThatThrownBy(() -> found("Ubuntu http://three.example/ubuntu"))
        .isInstanceOf(MirrorUnknown.class)
        .hasMessageContaining("set BRUME_DEBIAN_MIRROR");
  }

  @Test
  void anAddressThatIsNoneIsRefused() {
    for (String address :
        List.of("ftp://m.example/debian", "m.example", "http://", "http://a b/")) {
      assertThatThrownBy(
              () -> Mirrors.find(Map.of("BRUME_DEBIAN_MIRROR", address), Optional::empty))
          .isInstanceOf(MirrorUnknown.class)
          .hasMessageContaining("mend BRUME_DEBIAN_MIRROR");
    }
  }

  private static List<URI> found(String... lines) throws MirrorUnknown {
    return Mirrors.find(Map.of(), () -> Optional.of(List.of(lines)));
  }
}
