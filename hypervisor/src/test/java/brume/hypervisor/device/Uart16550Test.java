package brume.hypervisor.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.hypervisor.memory.AccessFault;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// The serial port as a driver sees it; a line of a table is one access.
class Uart16550Test {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final TrafficCounter traffic = new TrafficCounter();
  private final ConsoleOutput output = new ConsoleOutput(printed::write, traffic);
  private final Wire interrupt = new Wire();
  private final Uart16550 uart = new Uart16550(output, traffic, interrupt);

  /// Each line: `w REG VALUE`, `r REG VALUE` (read and compare) or `irq 0|1`; hexadecimal.
  private void run(String table) {
    for (String line : table.strip().split("\n")) {
      String[] word = line.strip().split(" +");
      switch (word[0]) {
        case "w" -> uart.store(number(word[1]), 1, number(word[2]));
        case "r" -> assertThat(uart.load(number(word[1]), 1)).as(line).isEqualTo(number(word[2]));
        case "irq" -> assertThat(interrupt.level).as(line).isEqualTo(word[1].equals("1"));
        default -> throw new IllegalArgumentException(line);
      }
    }
  }

  private static int number(String text) {
    return Integer.parseInt(text, 16);
  }

  private void type(String text) {
    assertThat(uart.receive(text.getBytes(StandardCharsets.US_ASCII))).isEqualTo(text.length());
  }

  @Test
  void theStateAfterReset() {
    run(
        """
        r 1 00
        r 2 01
        r 3 00
        r 4 00
        r 5 60
        r 6 b0
        r 7 00
        irq 0
        """);
  }

  @Test
  void divisorScratchAndFifoBits() {
    run(
        """
        w 3 83
        w 0 34
        w 1 12
        r 0 34
        r 1 12
        w 3 03
        r 1 00
        w 7 5a
        r 7 5a
        w 2 01
        r 2 c1
        """);
  }

  @Test
  void theTransmitInterruptIsRaisedByEnablingAndTakenByReadingItsIdentity() {
    run(
        """
        w 1 02
        irq 1
        r 2 02
        irq 0
        r 2 01
        w 0 41
        irq 1
        r 2 02
        irq 0
        w 0 42
        w 1 00
        irq 0
        """);
    output.flush();
    assertThat(printed.toString(StandardCharsets.US_ASCII)).isEqualTo("AB");
    assertThat(traffic.snapshot().bytesFromGuest()).isEqualTo(2);
  }

  @Test
  void receivedCharactersInterruptAndComeInOrder() {
    run("w 1 01");
    type("hi");
    run(
        """
        irq 1
        r 2 04
        r 5 61
        r 0 68
        irq 1
        r 0 69
        irq 0
        r 5 60
        r 2 01
        r 0 00
        """);
  }

  @Test
  void whatIsTypedBeforeTheDriverListensIsKept() {
    type("x");
    run(
        """
        r 5 60
        r 0 00
        w 2 07
        r 0 00
        w 1 01
        irq 1
        r 5 61
        r 0 78
        """);
  }

  @Test
  void aProgramThatPollsWithoutInterruptsIsServed() {
    type("x");
    for (int i = 0; i < 1000; i++) {
      if (uart.load(5, 1) == 0x61) {
        break;
      }
    }
    run(
        """
        r 5 61
        r 0 78
        r 5 60
        """);
  }

  @Test
  void loopBackReturnsModemLinesAndCharacters() {
    run(
        """
        w 4 1a
        r 6 90
        w 4 15
        r 6 60
        w 0 55
        r 5 61
        r 0 55
        """);
    output.flush();
    assertThat(printed.size()).isZero();
  }

  @Test
  void inputIsBounded() {
    byte[] much = new byte[Uart16550.INPUT_BYTES_MAX + 5];
    assertThat(uart.receive(much)).isEqualTo(Uart16550.INPUT_BYTES_MAX);
    assertThat(uart.room()).isZero();
  }

  @Test
  void onlyBytesAreAnswered() {
    assertThatThrownBy(() -> uart.load(0, 4)).isInstanceOf(AccessFault.class);
    assertThatThrownBy(() -> uart.store(0, 2, 1)).isInstanceOf(AccessFault.class);
    assertThat(uart.load(0x20, 1)).isZero();
  }
}
