package brume.hypervisor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.machine.Assembler;
import brume.hypervisor.machine.TestGuests;
import brume.hypervisor.translator.BackgroundTranslator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class VmCommandTest {
  private static final long SIGNATURE = TestGuests.RAM + 0x1800;
  @TempDir Path folder;
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

  private int run(String input, String... arguments) {
    return VmCommand.run(
        new ByteArrayInputStream(input.getBytes(StandardCharsets.US_ASCII)),
        output,
        new PrintStream(errors, true, StandardCharsets.UTF_8),
        arguments);
  }

  private String errors() {
    return errors.toString(StandardCharsets.UTF_8);
  }

  private String program(int status) {
    Assembler code = new Assembler().li(Assembler.T1, TestGuests.TO_HOST);
    code.li(Assembler.T0, 0x0101_0000_0000_0041L).store(8, Assembler.T0, 0, Assembler.T1);
    return TestGuests.elf(folder.resolve("program"), TestGuests.exit(code, status)).toString();
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "42, 42", "255, 255", "256, 255", "70000, 255"})
  void theGuestsStatusIsOurs(int guest, int expected) {
    assertThat(run("", "--elf", program(guest))).isEqualTo(expected);
    assertThat(output.toString(StandardCharsets.US_ASCII)).isEqualTo("A");
    assertThat(errors()).isEmpty();
  }

  /// Until it is ended it stores the low word, and never the high one.
  @Test
  void aProgramMayStoreTheLowWordOfItsStatusOnly() {
    Assembler code = new Assembler().li(Assembler.T0, 7 << 1 | 1);
    code.li(Assembler.T1, TestGuests.TO_HOST).label("again");
    code.store(4, Assembler.T0, 0, Assembler.T1).j("again");
    String elf = TestGuests.elf(folder.resolve("program"), code).toString();
    assertThat(run("", "--elf", elf)).isEqualTo(7);
  }

  private String withSignature(long begin, long end) {
    Assembler code = new Assembler().li(Assembler.T1, SIGNATURE);
    code.li(Assembler.T0, 0x0123_4567_89ab_cdefL).store(8, Assembler.T0, 8, Assembler.T1);
    Map<String, Long> symbols = new HashMap<>();
    symbols.put("tohost", TestGuests.TO_HOST);
    symbols.put("begin_signature", begin);
    symbols.put("end_signature", end);
    byte[] elf = TestGuests.elfBytes(TestGuests.exit(code, 3).bytes(), symbols);
    return TestGuests.write(folder.resolve("signed"), elf).toString();
  }

  @Test
  void anArchitectureTestsSignature() throws Exception {
    Path file = folder.resolve("signature");
    String elf = withSignature(SIGNATURE + 4, SIGNATURE + 16);
    assertThat(run("", "--elf", elf, "--signature", file.toString())).isEqualTo(3);
    assertThat(file).hasContent("00000000\n89abcdef\n01234567\n");
    assertThat(errors()).isEmpty();
  }

  @Test
  void aSignatureMustBeWordsOfRam() {
    for (long[] range : new long[][] {{8, 4}, {2, 6}, {0, 6}, {0, 1L << 40}, {-SIGNATURE, 4}}) {
      String elf = withSignature(SIGNATURE + range[0], SIGNATURE + range[1]);
      String file = folder.resolve("signature").toString();
      assertThat(run("", "--elf", elf, "--signature", file)).isEqualTo(2);
    }
    assertThat(errors().lines())
        .hasSize(5)
        .allMatch(line -> line.startsWith("brume vm: --signature: 0x"));
  }

  @Test
  void statisticsAreOneLine() {
    assertThat(run("", "--elf", program(0), "--stats")).isZero();
    assertThat(errors())
        .matches(
            "(?s)brume vm: \\d+ instructions, wall [0-9.]+ s, cpu [0-9.]+ s,"
                + " [0-9.]+ million instructions/s, memory touched [0-9.]+ MiB,.*"
                + " translated \\d+ regions of \\d+ instructions in [0-9.]+ s\\n");
  }

  /// A loop long enough to be translated where that is allowed.
  @ParameterizedTest
  @CsvSource({"on, true", "off, false"})
  void theTranslatorIsSwitched(String translator, boolean translates) {
    Assembler loop = new Assembler().li(Assembler.S0, 20_000_000).label("loop");
    loop.addi(Assembler.S0, Assembler.S0, -1).bne(Assembler.S0, Assembler.ZERO, "loop");
    String elf =
        TestGuests.elf(folder.resolve("loop" + translator), TestGuests.exit(loop, 0)).toString();
    long before = BackgroundTranslator.statisticsOfProcess().regions();
    assertThat(run("", "--elf", elf, "--translator", translator)).isZero();
    assertThat(BackgroundTranslator.statisticsOfProcess().regions() > before).isEqualTo(translates);
  }

  @Test
  void aDebuggersPortMustBeFree() throws Exception {
    try (java.net.ServerSocket taken =
        new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      assertThat(run("", "--elf", program(0), "--gdb", "" + taken.getLocalPort())).isEqualTo(2);
    }
    assertThat(errors()).startsWith("brume vm: --gdb: ").contains("in use");
  }

  @Test
  void aPipeReachesTheGuestWholly() {
    // Echoes until 'q', then powers off; polls the line status.
    Assembler echo = new Assembler().li(Assembler.S0, 0x1000_0000L).label("wait");
    echo.load(1, Assembler.T0, 5, Assembler.S0).andi(Assembler.T0, Assembler.T0, 1);
    echo.beq(Assembler.T0, Assembler.ZERO, "wait").load(1, Assembler.T0, 0, Assembler.S0);
    echo.store(1, Assembler.T0, 0, Assembler.S0).li(Assembler.T1, 'q');
    echo.bne(Assembler.T0, Assembler.T1, "wait").li(Assembler.A0, 0).li(Assembler.A1, 0);
    echo.sbi(0x53525354, 0);
    String kernel = TestGuests.kernel(folder.resolve("kernel"), echo).toString();
    String text = "0123456789".repeat(2000) + "q";
    assertThat(run(text, "--kernel", kernel, "--memory", "8M")).isZero();
    assertThat(output.toString(StandardCharsets.US_ASCII)).isEqualTo(text);
  }

  /// Arguments (a blank between), and what the one line of the error says.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                         | --kernel: one of --kernel, --firmware or --elf is needed",
        "--kernel /none           | --kernel: /none is not a file",
        "--kernel K --initrd /no  | --initrd: /no is not a file",
        "--firmware /none         | --firmware: /none is not a file",
        "--elf /none              | --elf: /none is not a file",
        "--elf K                  | is not an ELF file",
        "--elf E --kernel K       | --elf: runs alone",
        "--elf E --signature S    | --signature: the program has no symbols begin_signature",
        "--kernel K --signature S | --signature: is for --elf",
        "--elf E --disk /none     | --disk: /none is not a file",
        "--elf E --disk K         | is it cut off?",
        "--elf E --memory 12      | --memory: '12'; must be a number with K, M or G",
        "--elf E --memory -1M     | --memory: '-1M'",
        "--elf E --memory 1M      | --memory: 1048576 bytes; must be a whole number of MiB",
        "--elf E --memory 9999G   | --memory:",
        "--elf E --smp 0          | --smp: 0 harts; must be 1 to 8",
        "--elf E --smp 9          | --smp: 9 harts; must be 1 to 8",
        "--elf E --translator no  | --translator: 'no'; must be on or off",
        "--elf E --smp x          | Invalid value for option '--smp'",
        "--elf E --colour         | Unknown option: '--colour'",
        "--kernel K --memory 2M   | --memory: 2 MiB are too few",
      })
  void mistakesAreOneLineThatNamesTheOption(String arguments, String expected) {
    String elf = program(0);
    String kernel = TestGuests.kernel(folder.resolve("k"), new Assembler().wfi()).toString();
    String given = arguments == null ? "" : arguments;
    String[] words =
        given.isBlank()
            ? new String[0]
            : given.strip().replaceAll("\\bE\\b", elf).replaceAll("\\bK\\b", kernel).split(" +");
    assertThat(run("", words)).isEqualTo(2);
    assertThat(errors()).contains(expected).startsWith("brume vm: ");
    assertThat(errors().strip().lines()).hasSize(1);
  }
}
