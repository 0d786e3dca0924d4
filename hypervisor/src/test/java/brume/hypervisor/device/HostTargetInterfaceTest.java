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

  /// Number, output, offset in RAM and length of what is to be written; result and what is printed.
  @ParameterizedTest
  @CsvSource({
    "64, 1, 0x200, 5, 5, hello",
    "64, 2, 0x200, 2, 2, he",
    "64, 1, 0x200, 0, 0, ''",
    "64, 3, 0x200, 5, -9, ''",
    "64, 1, -8, 5, -14, ''",
    "64, 1, 0x200, -1, -14, ''",
    "64, 1, 0x200, 0x7fffffffffffffff, -14, ''",
    "63, 0, 0x200, 5, -38, ''",
  })
  void programsPrintBySystemCalls(
      int number, long output, String from, String length, long result, String expected) {
    long call = ram.base() + 0x800;
    ram.write(ram.base() + 0x200, "hello".getBytes(StandardCharsets.US_ASCII), 0, 5);
    ram.store64(call, number);
    ram.store64(call + 8, output);
    ram.store64(call + 16, ram.base() + Long.decode(from));
    ram.store64(call + 24, Long.decode(length));
    ram.store64(TO, call);
    host.stored(TO, 8);
    assertThat(ram.load64(call)).isEqualTo(result);
    assertThat(ram.load64(TO)).as("taken").isZero();
    assertThat(ram.load64(FROM)).as("answered").isEqualTo(1);
    assertThat(status).isNull();
    console.flush();
    assertThat(printed.toString(StandardCharsets.US_ASCII)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "7, 7", "256, 0", "-1, 255"})
  void programsEndBySystemCalls(long given, int expected) {
    long call = ram.base() + 0x800;
    ram.store64(call, 93);
    ram.store64(call + 8, given);
    ram.store64(TO, call);
    host.stored(TO, 8);
    assertThat(status).isEqualTo(expected);
  }

  @Test
  void aSystemCallOutsideRamIsNone() {
    long end = ram.base() + ram.size();
    for (long address : new long[] {end - 56, end, ram.base() + 4, 8}) {
      ram.store64(TO, address);
      host.stored(TO, 8);
      assertThat(status).isNull();
      assertThat(ram.load64(TO)).isEqualTo(address);
    }
  }

  @Test
  void whatIsNoCommandIsLeftAlone() {
    for (long command : new long[] {0, 2, 0x0100_0000_0000_0041L, 0x0201_0000_0000_0001L}) {
      ram.store64(TO, command);
      host.stored(TO, 8);
      assertThat(status).isNull();
      assertThat(ram.load64(TO)).isEqualTo(command);
    }
  }
}
