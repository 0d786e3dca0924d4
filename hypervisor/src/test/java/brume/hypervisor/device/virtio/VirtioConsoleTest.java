package brume.hypervisor.device.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The conversation of virtio 1.2 §5.3.6.2, from the driver's side.
class VirtioConsoleTest {
  private static final long MULTIPORT = 2;
  private static final int READY = 0, ADD = 1, PORT_READY = 3, OPEN = 6, NAME = 7;

  private final StringBuilder heard = new StringBuilder();
  private final ConsolePort first =
      new ConsolePort(
          "first",
          (bytes, offset, length) ->
              heard.append(new String(bytes, offset, length, StandardCharsets.US_ASCII)),
          () -> heard.append("[opened]"));
  private final ConsolePort second =
      new ConsolePort("second", (bytes, offset, length) -> {}, () -> {});
  private final VirtioConsole console = new VirtioConsole(List.of(first, second));
  private final TestDriver driver = new TestDriver(console);

  @AfterEach
  void close() {
    driver.close();
  }

  private void tell(int port, int event, int value) {
    long at =
        driver.buffer(
            ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(port)
                .putShort((short) event)
                .putShort((short) value)
                .array());
    driver.send(3, TestDriver.readable(at, 8));
    driver.mmio.poll();
  }

  /// The next control message: `port event value text`.
  private String told() {
    long room = driver.buffer(64);
    driver.offer(2, TestDriver.writable(room, 64));
    driver.notifyDevice(2);
    long length = driver.takeUsed(2);
    if (length < 0) {
      return "nothing";
    }
    ByteBuffer message =
        ByteBuffer.wrap(driver.bytes(room, (int) length)).order(ByteOrder.LITTLE_ENDIAN);
    String text = new String(message.array(), 8, (int) length - 8, StandardCharsets.US_ASCII);
    return "%d %d %d %s"
        .formatted(message.getInt(0), message.getShort(4), message.getShort(6), text)
        .strip();
  }

  @Test
  void portsAreAddedNamedAndOpened() {
    driver.start(MULTIPORT, 0, 1, 2, 3, 4, 5);
    assertThat(driver.read(0x104)).as("max_nr_ports").isEqualTo(2);
    tell(0, READY, 1);
    assertThat(told()).isEqualTo("0 %d 0", ADD);
    assertThat(told()).isEqualTo("1 %d 0", ADD);
    tell(0, PORT_READY, 1);
    assertThat(told()).isEqualTo("0 %d 0 first", NAME);
    assertThat(told()).isEqualTo("0 %d 1", OPEN);
    assertThat(first.isOpen()).isFalse();
    tell(0, OPEN, 1);
    assertThat(first.isOpen()).isTrue();
    assertThat(heard).hasToString("[opened]");
    tell(0, OPEN, 0);
    assertThat(first.isOpen()).isFalse();
  }

  @Test
  void bytesGoBothWays() {
    driver.start(MULTIPORT, 0, 1, 2, 3, 4, 5);
    long hello = driver.buffer("hello\n".getBytes(StandardCharsets.US_ASCII));
    driver.send(1, TestDriver.readable(hello, 6));
    assertThat(heard).hasToString("hello\n");
    long room = driver.buffer(16);
    driver.offer(4, TestDriver.writable(room, 16));
    driver.notifyDevice(4);
    assertThat(driver.takeUsed(4)).isEqualTo(-1);
    console.send(second, "shut".getBytes(StandardCharsets.US_ASCII));
    driver.mmio.poll();
    assertThat(driver.takeUsed(4)).isEqualTo(4);
    assertThat(driver.bytes(room, 4)).isEqualTo("shut".getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void whatWaitsForARoomlessGuestIsBounded() {
    driver.start(MULTIPORT, 0, 1, 2, 3);
    byte[] much = new byte[ConsolePort.INPUT_BYTES_MAX + 1];
    assertThat(console.send(first, much)).isEqualTo(ConsolePort.INPUT_BYTES_MAX);
  }

  @Test
  void aDriverThatAsksForEverAndListensNeverBreaksItsDevice() {
    driver.start(MULTIPORT, 0, 1, 3);
    for (int i = 0; i < 1000 && driver.mmio.fault() == null; i++) {
      tell(0, READY, 1);
    }
    assertThat(driver.mmio.fault()).contains("not taken");
  }
}
