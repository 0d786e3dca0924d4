package brume.node.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpioArchiveTest {

  /// Each line is a header field group of "newc": magic inode mode uid gid links time size devices
  /// name-length checksum. A dot stands for a zero byte.
  private static final String GOLDEN =
      """
      070701 00000001 000041ED 00000000 00000000 00000002 00000000 00000000 \
      00000000 00000000 00000000 00000000 00000004 00000000 dev...\
      070701 00000002 00002180 00000000 00000000 00000001 00000000 00000000 \
      00000000 00000000 00000005 00000001 0000000C 00000000 dev/console...\
      070701 00000003 0000A1FF 00000000 00000000 00000001 00000000 00000007 \
      00000000 00000000 00000000 00000000 00000003 00000000 sh....busybox.\
      070701 00000004 000081A4 00000000 00000000 00000001 00000000 00000002 \
      00000000 00000000 00000000 00000000 00000002 00000000 x.hi..\
      070701 00000000 00000000 00000000 00000000 00000001 00000000 00000000 \
      00000000 00000000 00000000 00000000 0000000B 00000000 TRAILER!!!....\
      """;

  @Test
  void writesTheBytesThatTheFormatAsksFor() {
    byte[] archive =
        new CpioArchive()
            .file("x", 0644, ascii("hi"))
            .link("sh", "busybox")
            .characterDevice("dev/console", 0600, 5, 1)
            .toByteArray();
    assertThat(new String(archive, StandardCharsets.US_ASCII))
        .isEqualTo(GOLDEN.replace(" ", "").replace('.', '\0').strip());
  }

  @Test
  void orderOfAddingMakesNoDifference() {
    CpioArchive one = new CpioArchive().file("b", 0600, ascii("1")).file("a/c", 0600, ascii("2"));
    CpioArchive two = new CpioArchive().file("a/c", 0600, ascii("2")).file("b", 0600, ascii("1"));
    assertThat(one.toByteArray()).isEqualTo(two.toByteArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/etc", "etc/", "a//b", "../x", "a/../b", "./a", "TRAILER!!!"})
  void refusesPathsThatAreNotPlain(String path) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CpioArchive().file(path, 0644, ascii("x")))
        .withMessageContaining("path must be relative");
  }

  @Test
  void refusesPermissionsThatAreMoreThanPermissions() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CpioArchive().file("x", 0100644, ascii("x")))
        .withMessageContaining("permissions must be 0 to 07777");
  }

  @Test
  void refusesWhatNoGuestCouldHold() {
    CpioArchive archive = new CpioArchive();
    byte[] big = new byte[256 << 20];
    archive.file("a", 0644, big);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> archive.file("b", 0644, big))
        .withMessageContaining("b is beyond that");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
