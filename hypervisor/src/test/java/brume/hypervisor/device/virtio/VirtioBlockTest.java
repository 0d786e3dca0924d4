package brume.hypervisor.device.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VirtioBlockTest {
  private static final int IN = 0, OUT = 1, FLUSH = 4, GET_ID = 8;
  private static final int OK = 0, IO_ERROR = 1, UNSUPPORTED = 2;
  private static final long FLUSH_FEATURE = 1L << 9;

  private final MemoryStorage storage = new MemoryStorage(64 * 1024);
  private final VirtioBlock device = new VirtioBlock("disk0", storage, () -> 0);
  private final TestDriver driver = new TestDriver(device);

  @AfterEach
  void close() {
    driver.close();
  }

  private long header(int type, long sector) {
    return driver.buffer(
        ByteBuffer.allocate(16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(type)
            .putInt(0)
            .putLong(sector)
            .array());
  }

  /// Status of a request with data that the device writes (or, for OUT, reads).
  private int request(int type, long sector, long data, int bytes) {
    long status = driver.buffer(1);
    long[] head = TestDriver.readable(header(type, sector), 16);
    long[] tail = TestDriver.writable(status, 1);
    if (bytes == 0) {
      driver.send(0, head, tail);
    } else if (type == OUT) {
      driver.send(0, head, TestDriver.readable(data, bytes), tail);
    } else {
      driver.send(0, head, TestDriver.writable(data, bytes), tail);
    }
    return driver.bytes(status, 1)[0];
  }

  @Test
  void configurationSaysTheCapacityInSectors() {
    assertThat(driver.read(0x100)).isEqualTo(128);
    assertThat(driver.read(0x104)).isZero();
    assertThat(driver.mmio.load(0x100, 1)).isEqualTo(128);
    assertThat(driver.read(0x10c)).as("seg_max").isEqualTo(126);
  }

  @Test
  void whatIsWrittenIsRead() {
    driver.start(FLUSH_FEATURE, 0);
    byte[] content = new byte[1024];
    Arrays.fill(content, (byte) 0x5a);
    assertThat(request(OUT, 3, driver.buffer(content), 1024)).isEqualTo(OK);
    assertThat(Arrays.copyOfRange(storage.content, 3 * 512, 5 * 512)).isEqualTo(content);
    long room = driver.buffer(1024);
    assertThat(request(IN, 3, room, 1024)).isEqualTo(OK);
    assertThat(driver.bytes(room, 1024)).isEqualTo(content);
    assertThat(device.traffic().snapshot().bytesFromGuest()).isEqualTo(1024);
    assertThat(device.traffic().snapshot().bytesToGuest()).isEqualTo(1024);
  }

  @Test
  void theLengthOfAnAnswerCountsTheStatus() {
    driver.start(FLUSH_FEATURE, 0);
    long used =
        driver.send(
            0,
            TestDriver.readable(header(IN, 0), 16),
            TestDriver.writable(driver.buffer(512), 512),
            TestDriver.writable(driver.buffer(1), 1));
    assertThat(used).isEqualTo(513);
  }

  @Test
  void dataAndStatusMayBeCutAnywhere() {
    driver.start(FLUSH_FEATURE, 0);
    Arrays.fill(storage.content, (byte) 7);
    long head = header(IN, 0);
    long room = driver.buffer(513);
    driver.send(
        0,
        TestDriver.readable(head, 5),
        TestDriver.readable(head + 5, 11),
        TestDriver.writable(room, 100),
        TestDriver.writable(room + 100, 413));
    byte[] all = driver.bytes(room, 513);
    assertThat(all[511]).isEqualTo((byte) 7);
    assertThat(all[512]).isEqualTo((byte) OK);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 128, 512, behind the end",
    "0, 127, 1024, over the end",
    "0, 0, 511, not whole sectors",
    "0, -1, 512, negative sector",
    "1, 0x7fffffffffffffff, 512, far away",
    "1, 0x0080000000000000, 512, wraps when multiplied by 512",
  })
  void requestsOutsideTheDiskAreErrorsAndTouchNothing(
      int type, String sector, int bytes, String what) {
    driver.start(FLUSH_FEATURE, 0);
    byte[] before = storage.content.clone();
    assertThat(request(type, Long.decode(sector), driver.buffer(bytes), bytes))
        .as(what)
        .isEqualTo(IO_ERROR);
    assertThat(storage.content).isEqualTo(before);
    assertThat(driver.mmio.fault()).isNull();
  }

  @Test
  void unknownRequestsAreUnsupported() {
    driver.start(FLUSH_FEATURE, 0);
    for (int type : new int[] {2, 11, 13, 0x7fff_ffff}) {
      assertThat(request(type, 0, driver.buffer(512), 512)).isEqualTo(UNSUPPORTED);
    }
  }

  @Test
  void aReadOnlyDiskSaysSoAndRefusesWrites() {
    storage.readOnly = true;
    assertThat(driver.read(0x10) & 1 << 5).isNotZero();
    driver.start(FLUSH_FEATURE, 0);
    assertThat(request(OUT, 0, driver.buffer(512), 512)).isEqualTo(IO_ERROR);
  }

  @Test
  void flushIsAskedForOrEveryWriteIsSafe() {
    driver.start(FLUSH_FEATURE, 0);
    request(OUT, 0, driver.buffer(512), 512);
    assertThat(storage.flushes).isZero();
    assertThat(request(FLUSH, 0, 0, 0)).isEqualTo(OK);
    assertThat(storage.flushes).isEqualTo(1);
    driver.start(0, 0);
    request(OUT, 0, driver.buffer(512), 512);
    assertThat(storage.flushes).isEqualTo(2);
  }

  @Test
  void anErrorOfTheStorageIsTheGuestsIoError() {
    driver.start(FLUSH_FEATURE, 0);
    storage.failing = true;
    assertThat(request(IN, 0, driver.buffer(512), 512)).isEqualTo(IO_ERROR);
    assertThat(request(OUT, 0, driver.buffer(512), 512)).isEqualTo(IO_ERROR);
    assertThat(request(FLUSH, 0, 0, 0)).isEqualTo(IO_ERROR);
    storage.failing = false;
    assertThat(request(IN, 0, driver.buffer(512), 512)).isEqualTo(OK);
    assertThat(device.traffic().snapshot().dropped()).isEqualTo(3);
  }

  @Test
  void theDiskHasAName() {
    driver.start(0, 0);
    long room = driver.buffer(20);
    assertThat(request(GET_ID, 0, room, 20)).isEqualTo(OK);
    assertThat(new String(driver.bytes(room, 5), java.nio.charset.StandardCharsets.US_ASCII))
        .isEqualTo("disk0");
  }

  @Test
  void aRequestWithoutHeaderOrStatusBreaksTheDevice() {
    driver.start(0, 0);
    assertThat(driver.send(0, TestDriver.readable(header(IN, 0), 16))).isEqualTo(-1);
    assertThat(driver.mmio.fault()).contains("header or status");
    driver.start(0, 0);
    assertThat(driver.send(0, TestDriver.writable(driver.buffer(64), 64))).isEqualTo(-1);
    assertThat(driver.mmio.fault()).isNotNull();
  }
}
