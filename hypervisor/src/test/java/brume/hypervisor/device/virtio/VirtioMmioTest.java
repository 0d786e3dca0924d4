package brume.hypervisor.device.virtio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.hypervisor.memory.AccessFault;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The transport and the queues, with the entropy device behind them as the simplest one.
class VirtioMmioTest {
  private static final int NEEDS_RESET = 64;

  private final TestDriver driver =
      new TestDriver(new VirtioEntropy(RandomGenerator.of("L64X128MixRandom")));

  @AfterEach
  void close() {
    driver.close();
  }

  @ParameterizedTest
  @CsvSource({
    "0x000, 0x74726976, magic",
    "0x004, 2, version: not legacy",
    "0x008, 4, entropy",
    "0x00c, 0x4d555242, vendor",
    "0x010, 0x30000000, features low: indirect and event index",
    "0x034, 256, queue size",
    "0x044, 0, not ready",
    "0x060, 0, no interrupt",
    "0x070, 0, reset",
    "0x0b0, 0xffffffff, no shared memory",
    "0x0fc, 0, generation",
    "0x038, 0, write-only",
    "0x0f0, 0, not there",
    "0x100, 0, no configuration",
  })
  void registersAfterReset(String register, String value, String what) {
    assertThat(driver.read(Integer.decode(register))).as(what).isEqualTo(Long.decode(value));
  }

  @Test
  void theSecondFeatureWordHasVersion1AndTheOthersNothing() {
    driver.write(0x14, 1);
    assertThat(driver.read(0x10)).isEqualTo(1);
    driver.write(0x14, 2);
    assertThat(driver.read(0x10)).isZero();
  }

  @Test
  void aQueueThatDoesNotExistHasNoSizeAndCannotBeReady() {
    for (long select : new long[] {1, 63, 0xffff_ffffL}) {
      driver.write(0x30, select);
      assertThat(driver.read(0x34)).isZero();
      driver.write(0x44, 1);
      assertThat(driver.read(0x44)).isZero();
    }
  }

  @Test
  void featuresThatWereNotOfferedAreRefusedWithoutFeaturesOk() {
    driver.start(1L << 5, 0);
    assertThat(driver.status() & 8).isZero();
    driver.start(0, 0);
    assertThat(driver.status()).isEqualTo(15);
  }

  @Test
  void oneRequestIsServedAndInterrupts() {
    driver.start(0, 0);
    long room = driver.buffer(64);
    assertThat(driver.send(0, TestDriver.writable(room, 64))).isEqualTo(64);
    assertThat(driver.bytes(room, 64)).isNotEqualTo(new byte[64]);
    assertThat(driver.interrupt.level).isTrue();
    assertThat(driver.read(0x60)).isEqualTo(1);
    driver.write(0x64, 1);
    assertThat(driver.interrupt.level).isFalse();
  }

  @Test
  void noInterruptWhereTheDriverWantsNone() {
    driver.start(0, 0);
    driver.ram.store16(TestDriver.availableRing(0), 1);
    assertThat(driver.send(0, TestDriver.writable(driver.buffer(8), 8))).isEqualTo(8);
    assertThat(driver.interrupt.level).isFalse();
  }

  @Test
  void eventIndexesSayWhenToInterrupt() {
    driver.start(VirtioMmio.EVENT_INDEX, 0);
    long usedEvent = TestDriver.availableRing(0) + 4 + 2L * TestDriver.SIZE;
    driver.ram.store16(usedEvent, 2);
    for (int i = 0; i < 3; i++) {
      assertThat(driver.interrupt.level).as("after %d", i).isFalse();
      driver.send(0, TestDriver.writable(driver.buffer(8), 8));
    }
    assertThat(driver.interrupt.level).isTrue();
    long availableEvent = TestDriver.usedRing(0) + 4 + 8L * TestDriver.SIZE;
    assertThat(driver.ram.load16(availableEvent)).isEqualTo(3);
  }

  @Test
  void queuesWrapAround() {
    driver.start(0, 0);
    for (int i = 0; i < 70_000; i++) {
      long[] segment = TestDriver.writable(TestDriver.BUFFERS, 4);
      assertThat(driver.send(0, segment)).as("request %d", i).isEqualTo(4);
    }
  }

  @Test
  void indirectDescriptors() {
    driver.start(VirtioMmio.INDIRECT, 0);
    long table = driver.buffer(64);
    long room = driver.buffer(128);
    driver.descriptor(table, 0, room, 40, TestDriver.NEXT | TestDriver.WRITE, 1);
    driver.descriptor(table, 1, room + 64, 24, TestDriver.WRITE, 0);
    driver.descriptor(TestDriver.table(0), 3, table, 32, TestDriver.INDIRECT, 0);
    driver.offerHead(0, 3);
    driver.notifyDevice(0);
    assertThat(driver.takeUsed(0)).isEqualTo(64);
  }

  /// Each row breaks one rule by one descriptor: index, address, length, flags, next, head.
  @ParameterizedTest
  @CsvSource({
    "0, 0x0, 8, 2, 0, 0, outside RAM",
    "0, 0x80000000, 0xffffffff, 2, 0, 0, longer than RAM",
    "0, 0xfffffffffffffff8, 16, 2, 0, 0, wraps around",
    "0, 0x80400000, 8, 3, 0, 0, loops on itself",
    "0, 0x80400000, 8, 3, 99, 0, next outside the table",
    "0, 0x80400000, 8, 2, 0, 16, head outside the table",
    "0, 0x80400000, 8, 2, 0, 65535, head far outside",
    "0, 0x80400000, 16, 4, 0, 0, indirect was not agreed",
    "0, 0x80400000, 8, 0, 0, 0, nothing to write to",
  })
  void aBrokenChainBreaksTheDeviceUntilReset(
      int index, String address, String length, int flags, int next, int head, String what) {
    driver.start(0, 0);
    driver.descriptor(
        TestDriver.table(0),
        index,
        Long.parseUnsignedLong(address.substring(2), 16),
        Long.decode(length),
        flags,
        next);
    driver.offerHead(0, head);
    driver.notifyDevice(0);
    requireBroken(what);
    driver.start(0, 0);
    assertThat(driver.send(0, TestDriver.writable(driver.buffer(8), 8))).isEqualTo(8);
  }

  private void requireBroken(String what) {
    assertThat(driver.status() & NEEDS_RESET).as(what).isEqualTo(NEEDS_RESET);
    assertThat(driver.mmio.fault()).as(what).isNotNull();
    assertThat(driver.read(0x60) & 2).as("the driver is told").isEqualTo(2);
    assertThat(driver.takeUsed(0)).isEqualTo(-1);
    driver.notifyDevice(0);
    driver.mmio.poll();
    assertThat(driver.mmio.hasWork()).isFalse();
  }

  /// Each row breaks a rule of indirect tables (§2.7.5.3): length, inner flags, outer flags.
  @ParameterizedTest
  @CsvSource({
    "0, 2, 4, empty",
    "24, 2, 4, not whole descriptors",
    "16, 4, 4, nested",
    "16, 2, 5, goes on outside",
    "0xfffffff0, 2, 4, longer than RAM",
    "32, 3, 4, loops inside",
  })
  void aBrokenIndirectTableBreaksTheDevice(
      String length, int innerFlags, int outerFlags, String what) {
    driver.start(VirtioMmio.INDIRECT, 0);
    long table = driver.buffer(64);
    driver.descriptor(table, 0, driver.buffer(8), 8, innerFlags, 0);
    driver.descriptor(TestDriver.table(0), 0, table, Long.decode(length), outerFlags, 0);
    driver.offerHead(0, 0);
    driver.notifyDevice(0);
    requireBroken(what);
  }

  @Test
  void moreChainsThanTheQueueHolds() {
    driver.start(0, 0);
    driver.ram.store16(TestDriver.availableRing(0) + 2, TestDriver.SIZE + 1);
    driver.notifyDevice(0);
    requireBroken("available index");
  }

  /// Size, table, available ring, used ring.
  @ParameterizedTest
  @CsvSource({
    "3, 0x80010000, 0x80011000, 0x80012000, not a power of two",
    "0, 0x80010000, 0x80011000, 0x80012000, nothing",
    "512, 0x80010000, 0x80011000, 0x80012000, too big",
    "16, 0x80010008, 0x80011000, 0x80012000, table not aligned",
    "16, 0x80010000, 0x80011001, 0x80012000, available ring not aligned",
    "16, 0x80010000, 0x80011000, 0x80012002, used ring not aligned",
    "16, 0x1000, 0x80011000, 0x80012000, table outside RAM",
    "16, 0x80010000, 0x807ffffe, 0x80012000, available ring leaves RAM",
    "16, 0x80010000, 0x80011000, 0xffffffff80012000, used ring outside RAM",
  })
  void aQueueThatCannotBeIsRefused(
      int size, String table, String available, String used, String what) {
    driver.start(0);
    driver.setUp(
        0,
        size,
        Long.parseUnsignedLong(table.substring(2), 16),
        Long.parseUnsignedLong(available.substring(2), 16),
        Long.parseUnsignedLong(used.substring(2), 16));
    assertThat(driver.read(0x44)).as(what).isZero();
    assertThat(driver.status() & NEEDS_RESET).as(what).isEqualTo(NEEDS_RESET);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void registersAreWords(int bytes) {
    assertThatThrownBy(() -> driver.mmio.load(0, bytes)).isInstanceOf(AccessFault.class);
    assertThatThrownBy(() -> driver.mmio.store(0x70, bytes, 0)).isInstanceOf(AccessFault.class);
  }

  @Test
  void nothingIsServedBeforeDriverOk() {
    driver.start(0, 0);
    driver.write(0x70, 0);
    driver.offer(0, TestDriver.writable(driver.buffer(8), 8));
    driver.notifyDevice(0);
    assertThat(driver.takeUsed(0)).isEqualTo(-1);
  }
}
