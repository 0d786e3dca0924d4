package brume.node.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuestSeedTest {

  @Test
  void carriesNameIdAndUserDataIntoTheGuest() {
    String archive =
        new String(
            new GuestSeed("web-1", "i-0abc", base64("#!/bin/sh\necho hi\n")).toCpio(),
            StandardCharsets.US_ASCII);
    assertThat(archive)
        .containsSubsequence(
            "etc/brume/hostname\0",
            "web-1\n",
            "etc/brume/instance-id\0",
            "i-0abc\n",
            "etc/brume/user-data\0",
            "#!/bin/sh\necho hi\n",
            "TRAILER!!!");
  }

  @Test
  void withoutUserDataThereIsNoFileForIt() {
    assertThat(new String(new GuestSeed("a", "i-1", null).toCpio(), StandardCharsets.US_ASCII))
        .doesNotContain("user-data");
  }

  /// The kernel looks for the next archive at a multiple of 4 and skips zeros before it.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 511})
  void isAppendedWhereTheKernelLooksForIt(int initrdBytes) {
    byte[] initrd = new byte[initrdBytes];
    java.util.Arrays.fill(initrd, (byte) 7);
    GuestSeed seed = new GuestSeed("a", "i-1", null);
    byte[] joined = seed.appendTo(initrd);
    int start = (initrdBytes + 3) / 4 * 4;
    assertThat(java.util.Arrays.copyOf(joined, initrdBytes)).isEqualTo(initrd);
    assertThat(joined).hasSize(start + seed.toCpio().length);
    assertThat(new String(joined, start, 6, StandardCharsets.US_ASCII)).isEqualTo("070701");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "a-", "a.b", "a b", "ä", "a\nb"})
  void refusesHostnamesThatAreNoLabel(String hostname) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GuestSeed(hostname, "i-1", null))
        .withMessageContaining("hostname must match");
  }

  @Test
  void refusesUserDataBeyondTheLimit() {
    String tooMuch = base64("x".repeat(GuestSeed.USER_DATA_BYTES_MAX + 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GuestSeed("a", "i-1", tooMuch))
        .withMessageContaining("user data bytes must be 0 to 16384");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
