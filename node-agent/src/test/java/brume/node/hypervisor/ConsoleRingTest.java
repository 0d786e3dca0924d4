package brume.node.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConsoleRingTest {
  private static void print(ConsoleRing ring, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    ring.append(bytes, 0, bytes.length);
  }

  private static String text(ConsoleRing.Piece piece) {
    return new String(piece.bytes(), StandardCharsets.US_ASCII);
  }

  @Test
  void aReaderGoesOnWhereItStopped() {
    ConsoleRing ring = new ConsoleRing(10);
    print(ring, "hello ");
    ConsoleRing.Piece first = ring.read(0, 100);
    print(ring, "you");
    assertThat(text(first)).isEqualTo("hello ");
    assertThat(text(ring.read(first.next(), 100))).isEqualTo("you");
    assertThat(text(ring.read(9, 100))).isEmpty();
    assertThat(text(ring.read(0, 3))).isEqualTo("hel");
  }

  @Test
  void aSlowReaderSeesWhatItMissed() {
    ConsoleRing ring = new ConsoleRing(10);
    print(ring, "0123456789abcdef");
    ConsoleRing.Piece piece = ring.read(2, 100);
    assertThat(piece.start()).isEqualTo(6);
    assertThat(text(piece)).isEqualTo("6789abcdef");
    assertThat(piece.next()).isEqualTo(16);
  }

  @Test
  void anOffsetOfAnEarlierVmBeginsAnew() {
    ConsoleRing ring = new ConsoleRing(10);
    print(ring, "new");
    assertThat(text(ring.read(5_000, 100))).isEqualTo("new");
  }

  @Test
  void anOffsetBelowZeroIsRefused() {
    assertThatThrownBy(() -> new ConsoleRing().read(-1, 1)).hasMessageContaining("from must be");
  }

  @Test
  void anyWayOfPrintingGivesTheSameNewestBytes() {
    long seed = 20_260_101;
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      int capacity = 1 + random.nextInt(20_000);
      ConsoleRing ring = new ConsoleRing(capacity);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int i = 0; i < 20; i++) {
        byte[] bytes = new byte[random.nextInt(3_000) * (random.nextInt(10) == 0 ? 10 : 1)];
        random.nextBytes(bytes);
        int offset = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
        ring.append(bytes, offset, bytes.length - offset);
        all.write(bytes, offset, bytes.length - offset);
        byte[] printed = all.toByteArray();
        int kept = Math.min(capacity, printed.length);
        assertThat(ring.end()).isEqualTo(printed.length);
        assertThat(ring.tail(capacity))
            .as("seed %d, round %d", seed, round)
            .isEqualTo(Arrays.copyOfRange(printed, printed.length - kept, printed.length));
      }
    }
  }
}
