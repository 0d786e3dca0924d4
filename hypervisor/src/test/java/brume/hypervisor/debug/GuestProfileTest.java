package brume.hypervisor.debug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.hypervisor.cli.VmCommand;
import brume.hypervisor.machine.Assembler;
import brume.hypervisor.machine.TestGuests;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class GuestProfileTest {
  private static final long START = TestGuests.RAM, HOT = START + 0x200, MAIN = START + 0x300;
  private static final long STACK = START + 0x1f00;
  private static final int CALL_T1 = 0x0003_00e7;
  private static final int S0 = Assembler.S0, S1 = Assembler.S1, SP = Assembler.SP;
  private static final int RA = Assembler.RA, T0 = Assembler.T0, T1 = Assembler.T1;
  private static final String MAP =
      """
      0000000080000000 T start
      0000000080000200 t hot
      0000000080000300 T main
      0000000080000300 D also_data
      0000000080001000 D tohost
      """;

  @TempDir Path folder;
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

  /// `start` calls `main`, which calls `hot` many times. Both keep a frame pointer; `hot` is a
  /// leaf, so that its frame has no return address.
  private static byte[] program() {
    Assembler start = new Assembler().li(SP, STACK).li(S0, 0).li(T1, MAIN).word(CALL_T1);
    Assembler hot = new Assembler().addi(SP, SP, -16 & 0xfff).store(8, S0, 8, SP);
    hot.addi(S0, SP, 16).li(T0, 20_000);
    hot.label("spin").addi(T0, T0, -1 & 0xfff).bne(T0, 0, "spin");
    hot.load(8, S0, 8, SP).addi(SP, SP, 16).jr(RA);
    Assembler main = new Assembler().addi(SP, SP, -16 & 0xfff).store(8, RA, 8, SP);
    main.store(8, S0, 0, SP).addi(S0, SP, 16).li(S1, 400).li(T1, HOT);
    main.label("again").word(CALL_T1).addi(S1, S1, -1 & 0xfff).bne(S1, 0, "again");
    main.load(8, RA, 8, SP).jr(RA);
    ByteBuffer code = ByteBuffer.allocate(0x400);
    code.put(TestGuests.exit(start, 0).bytes());
    code.position((int) (HOT - START)).put(hot.bytes());
    code.position((int) (MAIN - START)).put(main.bytes());
    return code.array();
  }

  private int run(String... arguments) {
    return VmCommand.run(
        new ByteArrayInputStream(new byte[0]),
        new ByteArrayOutputStream(),
        new PrintStream(errors, true, StandardCharsets.UTF_8),
        arguments);
  }

  private String errors() {
    return errors.toString(StandardCharsets.UTF_8);
  }

  private String guest() {
    return TestGuests.write(folder.resolve("guest"), TestGuests.elfBytes(program())).toString();
  }

  private Path map() throws IOException {
    return Files.writeString(folder.resolve("System.map"), MAP);
  }

  @Test
  void aProgramsOwnSymbolsNameItsCode() throws Exception {
    Map<String, Long> symbols = new HashMap<>();
    symbols.put("tohost", TestGuests.TO_HOST);
    symbols.put("start", START);
    symbols.put("hot", HOT);
    symbols.put("main", MAIN);
    byte[] elf = TestGuests.elfBytes(program(), symbols);
    Path guest = TestGuests.write(folder.resolve("named"), elf);
    Path page = folder.resolve("profile.html");
    assertThat(run("--elf", guest.toString(), "--profile", page.toString())).isZero();
    assertThat(page).content().contains("<tr><td>hot</td>");
    assertThat(run("--elf", folder.resolve("none").toString(), "--profile", page.toString()))
        .isEqualTo(2);
    assertThat(errors()).startsWith("brume vm: --elf: ").contains("is not a file");
  }

  @Test
  void callsAreCountedByName() throws Exception {
    Path page = folder.resolve("profile.html");
    int status = run("--elf", guest(), "--profile", page.toString(), "--symbols", map().toString());
    assertThat(errors()).isEmpty();
    assertThat(status).isZero();
    String text = Files.readString(page);
    assertThat(percent(text, "machine")).isEqualTo(100);
    for (String function : List.of("start", "main", "hot")) {
      assertThat(percent(text, function)).as(function).isGreaterThan(95);
    }
    assertThat(text).contains("<tr><td>hot</td><td>").doesNotContain("tohost", "also_data");
  }

  @Test
  void withoutSymbolsPagesAreCounted() throws Exception {
    Path drawing = folder.resolve("profile.svg");
    assertThat(run("--elf", guest(), "--profile", drawing.toString())).isZero();
    String text = Files.readString(drawing);
    assertThat(text).startsWith("<svg xmlns").endsWith("</svg>\n");
    assertThat(percent(text, "0x80000000")).isEqualTo(100);
  }

  private static double percent(String text, String name) {
    Matcher title =
        Pattern.compile("<title>" + name + ": [0-9,]+ instructions, ([0-9.]+) %").matcher(text);
    assertThat(title.find()).as(name).isTrue();
    return Double.parseDouble(title.group(1));
  }

  @ParameterizedTest
  @CsvSource({
    "0x7fffffff, ''",
    "0x80000000, start",
    "0x800001ff, start",
    "0x80000200, hot",
    "0x80000300, main",
    "0x80000fff, main",
    "0x80001000, ''",
    "-1, ''",
  })
  void anAddressBelongsToTheSymbolBeforeIt(String address, String name) throws Exception {
    String found = SymbolTable.read(List.of(map())).find(Long.decode(address));
    assertThat(found == null ? "" : found).isEqualTo(name);
  }

  /// An ELF file of one symbol table: a function, an object, and a name that is elsewhere.
  private static byte[] elf(int count) {
    ByteBuffer elf = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
    elf.putInt(0, 0x464c_457f).putLong(40, 64).putShort(60, (short) 2);
    elf.putInt(64 + 4, 2).putLong(64 + 24, 192).putLong(64 + 32, 24L * count).putInt(64 + 40, 1);
    elf.putLong(128 + 24, 400);
    elf.putInt(192, 1).put(196, (byte) 0x12).putShort(198, (short) 1).putLong(200, 0x100);
    elf.putInt(216, 3).put(220, (byte) 0x11).putShort(222, (short) 1).putLong(224, 0x200);
    elf.putInt(240, 5).put(244, (byte) 0x12).putShort(246, (short) 0).putLong(248, 0x50);
    elf.position(400).put("\0f\0d\0u\0".getBytes(StandardCharsets.US_ASCII));
    return elf.array();
  }

  @Test
  void elfSymbolsAreRead() throws Exception {
    Path file = TestGuests.write(folder.resolve("elf"), elf(3));
    SymbolTable symbols = SymbolTable.read(List.of(file));
    assertThat(symbols.find(0x50)).as("undefined").isNull();
    assertThat(symbols.find(0x1ff)).isEqualTo("f");
    assertThat(symbols.find(0x200)).as("data").isNull();
  }

  @Test
  void filesWithoutSymbolsAreRefused() throws Exception {
    Path damaged = TestGuests.write(folder.resolve("damaged"), elf(30));
    assertThatThrownBy(() -> SymbolTable.read(List.of(damaged)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("symbols: " + damaged);
    Path noise = TestGuests.write(folder.resolve("noise"), new byte[] {0, 1, -1, '\n', 5});
    assertThatThrownBy(() -> SymbolTable.read(List.of(noise)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has none");
  }

  @Test
  void aPictureIsBoundedAndEscaped() {
    FlameGraph graph = new FlameGraph();
    for (int i = 0; i < FlameGraph.BARS_MAX + 10; i++) {
      graph.add(List.of("f" + i), 1);
    }
    graph.add(List.of("late", "later"), 5_000_000);
    graph.add(List.of("f1", "operator<\"&\u0001>"), 7);
    String svg = graph.svg("what & where");
    assertThat(svg).contains("what &amp; where", "all: 5,100,017 instructions");
    assertThat(svg).as("counted for its caller only").doesNotContain("late");
    FlameGraph small = new FlameGraph();
    small.add(List.of("operator<\"&\u0001>"), 3);
    assertThat(small.html("x")).contains("<td>operator&lt;&quot;&amp;?&gt;</td>");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--gdb 0 --trace T|--gdb, --trace, --profile: one of them at a time",
        "--profile P --trace T|--gdb, --trace, --profile: one of them at a time",
        "--symbols S|--symbols: are for --profile",
        "--profile P --symbols missing|--symbols: java.nio.file.NoSuchFileException: missing",
        "--profile missing/p|--profile: java.nio.file.NoSuchFileException: missing/p",
        "--trace missing/t|--trace: java.nio.file.NoSuchFileException: missing/t",
        "--trace T --trace-limit 0|--trace: 0 lines from instruction 0; must be 1 to",
      })
  void optionsThatCannotBeUsed(String options, String expected) {
    String there = options.replaceAll(" ([A-Z])\\b", " " + folder + "/$1");
    String[] arguments = ("--elf " + guest() + " " + there).split(" ");
    assertThat(run(arguments)).isEqualTo(2);
    assertThat(errors()).startsWith("brume vm: " + expected);
  }
}
