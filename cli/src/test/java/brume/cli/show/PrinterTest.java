package brume.cli.show;

import static org.assertj.core.api.Assertions.assertThat;

import brume.cli.cloud.Json;
import brume.cli.process.Surroundings;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

class PrinterTest {
  private static final List<Column> COLUMNS =
      List.of(
          Column.of("ID", "id"),
          Column.elastic("NAME", "name"),
          Column.of("STATE", "state"),
          Column.elastic("WHY", "reason.message"));

  private static final List<Object> ROWS =
      List.of(
          Map.of("id", "i-1", "name", "a rather long name, \"quoted\"", "state", "running"),
          Map.of(
              "id",
              "i-2",
              "state",
              "pending",
              "reason",
              Map.of("message", "no node has room now")));

  private static String printed(
      Format format, String query, Map<String, String> environment, Object answer) {
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out);
    Surroundings surroundings =
        new Surroundings(
            InputStream.nullInputStream(),
            writer,
            OutputStream.nullOutputStream(),
            writer,
            environment,
            Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC),
            new Random(1),
            environment.isEmpty() ? Surroundings.Terminals.NONE : Surroundings.Terminals.of("012"),
            _ -> {});
    new Printer(surroundings, format, Optional.of(query).filter(given -> !given.isEmpty()))
        .print(COLUMNS, answer);
    return out.toString();
  }

  @Test
  void aTableIsAsWideAsItMustBeInAPipe() {
    assertThat(printed(Format.TABLE, "", Map.of(), ROWS))
        .isEqualTo(
            """
            ID   NAME                         STATE    WHY
            i-1  a rather long name, "quoted"  running  -
            i-2  -                            pending  no node has room now
            """
                .replace(
                    "NAME                         STATE", "NAME                          STATE")
                .replace(
                    "-                            pending",
                    "-                             pending"));
  }

  @Test
  void aTableFitsTheTerminalAndIdsAreNeverCut() {
    String table = printed(Format.TABLE, "", Map.of("COLUMNS", "44", "NO_COLOR", "1"), ROWS);
    assertThat(table)
        .isEqualTo(
            """
            ID   NAME            STATE    WHY
            i-1  a rather long…  running  -
            i-2  -               pending  no node has r…
            """);
    assertThat(table.lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(45));
  }

  @Test
  void coloursAreForTerminalsThatWantThem() {
    Map<String, String> terminal = Map.of("COLUMNS", "200");
    assertThat(printed(Format.TABLE, "", terminal, ROWS)).contains("\u001b[32mrunning\u001b[0m");
    assertThat(printed(Format.TABLE, "", Map.of("TERM", "dumb"), ROWS)).doesNotContain("\u001b");
    assertThat(printed(Format.TABLE, "", Map.of("NO_COLOR", "1"), ROWS)).doesNotContain("\u001b");
    assertThat(printed(Format.JSON, "", terminal, ROWS)).doesNotContain("\u001b");
  }

  @ParameterizedTest
  @CsvSource({"日本語, 6", "e\u0301, 1", "abc, 3", "'', 0", "🙂, 2"})
  void widthsAreThoseOfTheTerminal(String text, int width) {
    assertThat(Text.width(text)).isEqualTo(width);
  }

  @Test
  void cuttingNeverPartsAWideCharacter() {
    assertThat(Text.cut("日本語です", 6)).isEqualTo("日本…");
    assertThat(Text.width(Text.cut("日本語です", 6))).isLessThanOrEqualTo(6);
  }

  @Test
  void csvHasThePathsAndTheValuesAsTheyAre() {
    assertThat(printed(Format.CSV, "", Map.of(), ROWS))
        .isEqualTo(
            """
            id,name,state,reason.message
            i-1,"a rather long name, ""quoted""\",running,
            i-2,,pending,no node has room now
            """);
    assertThat(printed(Format.CSV, "", Map.of(), List.of()))
        .isEqualTo("id,name,state,reason.message\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      textBlock =
          """
          TABLE ; [].id              ; i-1\\ni-2\\n
          TABLE ; [?state=='running'].name | [0] ; a rather long name, "quoted"\\n
          TABLE ; [].[id,state]      ; i-1\\trunning\\ni-2\\tpending\\n
          TABLE ; [].{i: id}         ; i\\ni-1\\ni-2\\n
          CSV   ; [].[name,state]    ; "a rather long name, ""quoted""\",running\\n,pending\\n
          CSV   ; [].{a.b: id}       ; a.b\\ni-1\\ni-2\\n
          JSON  ; length(@)          ; 2\\n
          YAML  ; [0].{id: id}       ; id: i-1\\n
          TABLE ; [0].{id: id, s: state} ; id  i-1\\ns   running\\n
          """)
  void queriesHaveResultsOfTheirOwn(Format format, String query, String expected) {
    String sent = query.replace("a.b:", "\"a.b\":");
    assertThat(printed(format, sent, Map.of(), ROWS))
        .isEqualTo(expected.replace("\\n", "\n").replace("\\t", "\t"));
  }

  @Test
  void yamlIsReadBackAsWhatItWas() {
    long seed = Long.getLong("brume.seed", new Random().nextLong());
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      Object value = value(random, 3);
      String yaml = brume.cli.show.Yaml.of(value);
      Object back = new Yaml().load(yaml);
      assertThat(Json.line(back))
          .as("-Dbrume.seed=" + seed + "\n" + yaml)
          .isEqualTo(Json.line(value));
      assertThat(Json.line(Json.read(Json.pretty(value)))).isEqualTo(Json.line(value));
    }
  }

  private static Object value(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 4 : 6)) {
      case 0 -> random.nextInt(1000);
      case 1 -> random.nextBoolean();
      case 2, 3 -> text(random);
      case 4 -> {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(value(random, depth - 1));
        }
        yield list;
      }
      default -> {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          map.put(text(random) + i, value(random, depth - 1));
        }
        yield map;
      }
    };
  }

  private static String text(Random random) {
    List<String> parts =
        List.of(
            "no",
            "yes",
            "null",
            "~",
            "1",
            "1e3",
            "0x1f",
            "12:30",
            "2026-10-01",
            " ",
            "a",
            "b c",
            ": ",
            "- ",
            "#",
            "é",
            "\n",
            "\"",
            "'",
            "{",
            "]",
            "&",
            "*",
            "!",
            "%",
            "@",
            "`",
            "i-1",
            "e1.nano",
            "true",
            ".inf",
            "=",
            "<<",
            "?",
            ",",
            "\t",
            "🙂",
            "/v1");
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      text.append(parts.get(random.nextInt(parts.size())));
    }
    return text.toString();
  }
}
