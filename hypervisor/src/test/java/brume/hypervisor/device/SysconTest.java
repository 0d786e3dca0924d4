package brume.hypervisor.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SysconTest {
  @ParameterizedTest
  @CsvSource({
    "0, 4, 0x5555, off 0",
    "0, 2, 0x5555, off 0",
    "0, 4, 0x3333, off 0",
    "0, 4, 0x2a3333, off 42",
    "0, 4, 0x7777, reset",
    "0, 4, 0x1234, ''",
    "0, 4, 0, ''",
    "4, 4, 0x5555, ''",
  })
  void eachValueDoesWhatItShould(long offset, int bytes, String value, String expected) {
    List<String> pressed = new ArrayList<>();
    PowerControl power =
        new PowerControl() {
          @Override
          public void powerOff(int status) {
            pressed.add("off " + status);
          }

          @Override
          public void reset() {
            pressed.add("reset");
          }
        };
    Syscon syscon = new Syscon(power);
    syscon.store(offset, bytes, Long.decode(value));
    assertThat(String.join(",", pressed)).isEqualTo(expected);
    assertThat(syscon.load(offset, 4)).isZero();
  }
}
