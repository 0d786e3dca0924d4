package brume.hypervisor.instructions;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// One line of an instruction table: `name operands = results`, `#` for comments.
record InstructionRow(String table, int line, String name, List<String> in, List<String> out) {
  static final List<String> TABLES =
      List.of("rv64i", "rv64m", "rv64a", "rv64fd", "zba_zbb", "zbc_zbs");

  static List<InstructionRow> read(String table) {
    List<InstructionRow> rows = new ArrayList<>();
    int number = 0;
    for (String line : text(table).lines().toList()) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] sides = line.split("=");
      List<String> left = List.of(sides[0].trim().split("\\s+"));
      List<String> right = List.of(sides[1].trim().split("\\s+"));
      rows.add(
          new InstructionRow(table, number, left.getFirst(), left.subList(1, left.size()), right));
    }
    return rows;
  }

  private static String text(String table) {
    try (InputStream in = InstructionRow.class.getResourceAsStream(table + ".txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static long hex(String digits) {
    return Long.parseUnsignedLong(digits, 16);
  }

  @Override
  public String toString() {
    return "%s.txt:%d %s %s".formatted(table, line, name, String.join(" ", in));
  }
}
