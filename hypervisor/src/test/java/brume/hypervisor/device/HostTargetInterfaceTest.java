package brume.hypervisor.device;

import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.memory.GuestRam;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostTargetInterfaceTest {
  private static final long TO = MemoryMap.RAM + 0x100, FROM = MemoryMap.RAM + 0x140;

  private final GuestRam ram = GuestRam.allocate(MemoryMap.RAM, 4096);
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final ConsoleOutput console = new ConsoleOutput(printed::write, new TrafficCounter());
  private Integer status;
  private final PowerControl power =
      new PowerControl() {
        @Override
        public void powerOff(int given) {
          status = given;
        }

        @Override
        public void reset() {
          throw new AssertionError("HTIF does not reset");
        }
      };
  private final HostTargetInterface host = new HostTargetInterface(ram, TO, FROM, power, console);

  @AfterEach
  void close() {
    ram.close();
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "3, 1", "0x55, 42", "0x1ff, 255", "0x201, 255", "0xffffffffffff, 255"})
  void anOddPayloadForDeviceZeroEnds(String payload, int expected) {
    ram.store64(TO, Long.decode(payload));
    host.stored(TO, 8);
    assertThat(status).isEqualTo(expected);
  }

  @Test
  void aLowWordAloneIsNotACommandYet() {
    ram.store32(TO, 'a');
    host.stored(TO, 4);
    assertThat(status).isNull();
    ram.store32(TO + 4, 0x0101_0000);
    host.stored(TO + 4, 4);
    assertThat(status).isNull();
    assertThat(ram.load64(TO)).as("taken").isZero();
    assertThat(ram.load64(FROM)).as("answered").isEqualTo(0x0101L << 48);
    ram.store32(TO, 1);
    host.stored(TO, 4);
    ram.store32(TO + 4, 0);
    host.stored(TO + 4, 4);
    assertThat(status).isZero();
    console.flush();
    assertThat(printed.toString(StandardCharsets.US_ASCII)).isEqualTo("a");
  }

  /// Programs of RV32's habits never store the high word, and repeat themselves until they end.
  @Test
  void aLowWordStoredAgainIsAllThereIs() {
    ram.store32(TO, 0x55);
    host.stored(TO, 4);
    assertThat(status).isNull();
    host.stored(TO, 4);
    assertThat(status).isEqualTo(42);
  }

  @Test
  void aCommandInHalvesBeginsAnewAfterEachHighWord() {
    ram.store32(TO, 0);
    host.stored(TO, 4);
    for (char letter : "aa".toCharArray()) {
      ram.store32(TO, letter);
      host.stored(TO, 4);
      ram.store32(TO + 4, 0x0101_0000);
      host.stored(TO + 4, 4);
    }
    assertThat(status).isNull();
    console.flush();
    assertThat(printed.toString(StandardCharsets.US_ASCII)).isEqualTo("aa");
  }

  /// A system call by proxy: number and arguments at the payload, the result in the number's place.
  private long call(long number, long first, long second, long third) {
    long block = MemoryMap.RAM + 0x800;
    ram.store64(block, number);
    ram.store64(block + 8, first);
    ram.store64(block + 16, second);
    ram.store64(block + 24, third);
    ram.store64(FROM, 0);
    ram.store64(TO, block);
    host.stored(TO, 8);
    assertThat(ram.load64(TO)).as("taken").isZero();
    assertThat(ram.load64(FROM)).as("answered").isEqualTo(1);
    return ram.load64(block);
  }

  @Test
  void systemCallsByProxyPrintAndEnd() {
    long text = MemoryMap.RAM + 0x900;
    ram.write(text, "hello".getBytes(StandardCharsets.US_ASCII), 0, 5);
    assertThat(call(64, 1, text, 5)).isEqualTo(5);
    assertThat(call(64, 2, text, 0)).isZero();
    assertThat(call(64, 3, text, 5)).as("EBADF").isEqualTo(-9);
    assertThat(call(64, 1, MemoryMap.RAM + 4092, 5)).as("EFAULT").isEqualTo(-14);
    assertThat(call(64, 1, text, -1)).as("EFAULT").isEqualTo(-14);
    assertThat(call(63, 0, text, 5)).as("ENOSYS").isEqualTo(-38);
    console.flush();
    assertThat(printed.toString(StandardCharsets.US_ASCII)).isEqualTo("hello");
    assertThat(status).isNull();
    call(93, 7, 0, 0);
    assertThat(status).isEqualTo(7);
  }

  @Test
  void whatIsNoCommandIsLeftAlone() {
    for (long command :
        new long[] {
          0, 2, 0x1000, MemoryMap.RAM + 4088, 0x0100_0000_0000_0041L, 0x0201_0000_0000_0001L
        }) {
      ram.store64(TO, command);
      host.stored(TO, 8);
      assertThat(status).isNull();
      assertThat(ram.load64(TO)).isEqualTo(command);
    }
  }
}
