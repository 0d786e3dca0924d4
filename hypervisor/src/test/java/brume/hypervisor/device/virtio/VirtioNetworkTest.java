package brume.hypervisor.device.virtio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VirtioNetworkTest {
  private final List<byte[]> sent = new ArrayList<>();
  private final NetworkBackend peer =
      new NetworkBackend() {
        @Override
        public void connect(Consumer<byte[]> toGuest) {}

        @Override
        public void send(byte[] frame, int offset, int length) {
          sent.add(Arrays.copyOfRange(frame, offset, offset + length));
        }

        @Override
        public boolean linkUp() {
          return true;
        }
      };
  private final VirtioNetwork device =
      new VirtioNetwork(MacAddress.parse("52:54:00:ab:cd:ef"), peer);
  private final TestDriver driver = new TestDriver(device);

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void configurationHasAddressAndLink() {
    assertThat(driver.read(0x100)).isEqualTo(0xab005452L);
    assertThat(driver.read(0x104)).isEqualTo(0x1efcdL);
  }

  @Test
  void aFrameGoesOutWithoutItsHeader() {
    driver.start(0, 0, 1);
    byte[] frame = new byte[12 + 60];
    frame[12] = 42;
    driver.send(1, TestDriver.readable(driver.buffer(frame), frame.length));
    assertThat(sent).hasSize(1);
    assertThat(sent.getFirst()).hasSize(60).startsWith(42);
    assertThat(device.traffic().snapshot().bytesFromGuest()).isEqualTo(60);
  }

  @Test
  void aFrameComesInWithItsHeader() {
    driver.start(0, 0, 1);
    device.receive(new byte[] {1, 2, 3});
    driver.mmio.poll();
    long room = driver.buffer(1600);
    driver.offer(0, TestDriver.writable(room, 1600));
    driver.notifyDevice(0);
    assertThat(driver.takeUsed(0)).isEqualTo(15);
    assertThat(driver.bytes(room, 15))
        .isEqualTo(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 2, 3});
  }

  @Test
  void framesThatAreTooLongOrTooManyAreDroppedAndCounted() {
    driver.start(0, 0, 1);
    driver.send(1, TestDriver.readable(driver.buffer(2000), 2000));
    assertThat(sent).isEmpty();
    device.receive(new byte[VirtioNetwork.FRAME_BYTES_MAX + 1]);
    for (int i = 0; i < VirtioNetwork.WAITING_MAX + 3; i++) {
      device.receive(new byte[60]);
    }
    assertThat(device.traffic().snapshot().dropped()).isEqualTo(5);
  }

  @Test
  void aFrameWithoutHeaderBreaksTheDevice() {
    driver.start(0, 0, 1);
    assertThat(driver.send(1, TestDriver.readable(driver.buffer(11), 11))).isEqualTo(-1);
    assertThat(driver.mmio.fault()).contains("without its header");
  }

  @Test
  void macAddresses() {
    assertThat(MacAddress.parse("52:54:00:ab:CD:ef")).hasToString("52:54:00:ab:cd:ef");
    for (String bad : new String[] {"", "52:54", "01:00:5e:00:00:01", "00:00:00:00:00:00", "x"}) {
      assertThatThrownBy(() -> MacAddress.parse(bad)).hasMessageStartingWith("mac: ");
    }
  }
}
