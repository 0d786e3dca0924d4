package brume.hypervisor.debug;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Names of code by address: of an ELF file's symbols, or of lines `address type name` as in a
/// kernel's `System.map` and `/proc/kallsyms`. A symbol reaches to the next one; what belongs to
/// one that is data has no name.
public final class SymbolTable {
  static final int SYMBOLS_MAX = 4_000_000, NAME_CHARACTERS_MAX = 200;

  /// How far behind the last symbol an address still counts as its.
  private static final long LAST_BYTES = 1 << 20;

  private static final int SYMBOL_TABLE = 2, SYMBOL_BYTES = 24;
  private static final int SECTION_BYTES = 64, DATA = 1, FUNCTION = 2;

  private final long[] addresses;
  private final @Nullable String[] names;

  /// @param name null for what is not code
  private record Symbol(long address, @Nullable String name) {}

  private SymbolTable(List<Symbol> symbols) {
    List<Symbol> sorted = new ArrayList<>(symbols);
    // Of several at one address, code counts.
    sorted.sort(
        Comparator.comparing((Symbol symbol) -> symbol.name() != null)
            .thenComparing(symbol -> symbol.name() == null ? "" : symbol.name()));
    sorted.sort((a, b) -> Long.compareUnsigned(a.address(), b.address()));
    addresses = sorted.stream().mapToLong(Symbol::address).toArray();
    names = sorted.stream().map(Symbol::name).toArray(String[]::new);
  }

  /// The symbols of all these files. Throws IllegalArgumentException, with the file's name, for one
  /// that has none.
  public static SymbolTable read(List<Path> files) throws IOException {
    List<Symbol> all = new ArrayList<>();
    for (Path file : files) {
      List<Symbol> some = isElf(file) ? ofElf(file) : ofLines(file);
      if (some.stream().allMatch(symbol -> symbol.name() == null)) {
        throw new IllegalArgumentException(
            "symbols: "
                + file
                + " has none: it is neither an ELF file with symbols nor a System.map");
      }
      all.addAll(some);
      if (all.size() > SYMBOLS_MAX) {
        throw new IllegalArgumentException("symbols: more than " + SYMBOLS_MAX);
      }
    }
    return new SymbolTable(all);
  }

  /// What a bare-metal program itself says; nothing for a file without symbols, or one that cannot
  /// be read, which whoever runs it will report.
  public static SymbolTable ofProgram(Path file) {
    try {
      return new SymbolTable(isElf(file) ? ofElf(file) : List.of());
    } catch (IOException | IllegalArgumentException unreadable) {
      return new SymbolTable(List.of());
    }
  }

  public boolean isEmpty() {
    return addresses.length == 0;
  }

  /// The symbol that an address belongs to, or null.
  public @Nullable String find(long address) {
    int low = 0;
    int high = addresses.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(addresses[middle], address) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    boolean behind =
        low == addresses.length && low > 0 && address - addresses[low - 1] > LAST_BYTES;
    return low == 0 || behind ? null : names[low - 1];
  }

  private static boolean isElf(Path file) throws IOException {
    try (InputStream start = Files.newInputStream(file)) {
      byte[] magic = start.readNBytes(4);
      return Arrays.equals(magic, new byte[] {0x7f, 'E', 'L', 'F'});
    }
  }

  /// Types t, T, w and W are code.
  private static List<Symbol> ofLines(Path file) throws IOException {
    List<Symbol> symbols = new ArrayList<>();
    try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      lines
          .limit(SYMBOLS_MAX)
          .forEach(line -> {
            String[] fields = line.split("\\s+", 4);
            Long address = fields.length < 3 ? null : Hex.number(fields[0]);
            if (address != null && fields[1].length() == 1) {
              add(symbols, address, "tTwW".contains(fields[1]) ? fields[2] : null);
            }
          });
    } catch (java.io.UncheckedIOException unreadable) {
      throw unreadable.getCause();
    }
    return symbols;
  }

  /// Compilers' own labels are not names of code.
  private static void add(List<Symbol> symbols, long address, @Nullable String name) {
    if (name == null) {
      symbols.add(new Symbol(address, null));
    } else if (!name.isEmpty() && !name.startsWith("$") && !name.startsWith(".L")) {
      int length = Math.min(name.length(), NAME_CHARACTERS_MAX);
      symbols.add(new Symbol(address, name.substring(0, length)));
    }
  }

  private static List<Symbol> ofElf(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      long size = channel.size();
      if (size > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("symbols: " + file + " has more than 2 GiB");
      }
      ByteBuffer elf = channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
      return ofElf(elf.order(ByteOrder.LITTLE_ENDIAN));
    } catch (IndexOutOfBoundsException | ArithmeticException outside) {
      throw new IllegalArgumentException("symbols: " + file + " is a damaged ELF file", outside);
    }
  }

  /// ELF-64 object file format 1.5: sections of type SHT_SYMTAB, with the names in the section that
  /// `sh_link` tells.
  private static List<Symbol> ofElf(ByteBuffer elf) {
    List<Symbol> symbols = new ArrayList<>();
    long sections = elf.getLong(40);
    int count = elf.getShort(60) & 0xffff;
    for (int i = 0; i < count; i++) {
      int section = Math.toIntExact(sections + (long) i * SECTION_BYTES);
      if (elf.getInt(section + 4) != SYMBOL_TABLE) {
        continue;
      }
      int link = Math.toIntExact(sections + (long) elf.getInt(section + 40) * SECTION_BYTES);
      long names = elf.getLong(link + 24);
      long start = elf.getLong(section + 24);
      long number = Math.min(elf.getLong(section + 32) / SYMBOL_BYTES, SYMBOLS_MAX);
      for (int s = 0; s < number; s++) {
        int symbol = Math.toIntExact(start + (long) s * SYMBOL_BYTES);
        int type = elf.get(symbol + 4) & 15;
        if (elf.getShort(symbol + 6) != 0 && type <= FUNCTION) {
          int name = Math.toIntExact(names + (elf.getInt(symbol) & 0xffff_ffffL));
          add(symbols, elf.getLong(symbol + 8), type == DATA ? null : text(elf, name));
        }
      }
    }
    return symbols;
  }

  private static String text(ByteBuffer elf, int at) {
    int end = at;
    while (end < elf.limit() && end - at < NAME_CHARACTERS_MAX && elf.get(end) != 0) {
      end++;
    }
    byte[] bytes = new byte[end - at];
    elf.get(at, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
