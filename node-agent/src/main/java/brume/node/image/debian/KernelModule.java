package brume.node.image.debian;

import brume.node.image.ImageException.ContentRefused;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A module of the kernel: a relocatable ELF object for RV64. [#stripped] makes it small and cheap
/// to load: without its signature (checking ext4's costs a guest 10^9 instructions), without type
/// information, and without the symbols that no relocation names (ext4 has 215,000, and the loader
/// goes through all of them). Code, data and relocations stay as they are.
final class KernelModule {
  private static final int HEADER_BYTES = 64;
  private static final int SECTION_HEADER_BYTES = 64;
  private static final int SYMBOL_BYTES = 24;
  private static final int RELA_BYTES = 24;
  private static final int SECTIONS_MAX = 4096;

  private static final short TYPE_RELOCATABLE = 1;
  private static final short MACHINE_RISCV = 243;

  private static final int SECTION_SYMTAB = 2;
  private static final int SECTION_RELA = 4;
  private static final int SECTION_NOBITS = 8;
  private static final int SECTION_GROUP = 17;
  private static final int SECTION_SYMTAB_SHNDX = 18;
  private static final long FLAG_ALLOC = 2;

  private final String name;
  private final ByteBuffer elf;
  private final List<Section> sections = new ArrayList<>();

  /// One section header; `content` is empty for sections without bytes in the file.
  private record Section(
      String name, int type, long flags, int link, int target, long align, ByteBuffer content) {
    boolean inMemory() {
      return (flags & FLAG_ALLOC) != 0;
    }
  }

  private KernelModule(String name, byte[] content) {
    this.name = name;
    elf = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
  }

  static KernelModule parse(String name, byte[] content) throws ContentRefused {
    KernelModule module = new KernelModule(name, content);
    try {
      module.readSections();
    } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException e) {
      throw new ContentRefused("the kernel module " + name + " is not one for RV64: " + e, e);
    }
    return module;
  }

  private void readSections() {
    boolean header =
        elf.getInt(0) == 0x464c457f
            && elf.get(4) == 2 // 64 bits
            && elf.get(5) == 1 // little-endian
            && elf.getShort(16) == TYPE_RELOCATABLE
            && elf.getShort(18) == MACHINE_RISCV
            && Short.toUnsignedInt(elf.getShort(58)) == SECTION_HEADER_BYTES;
    int count = Short.toUnsignedInt(elf.getShort(60));
    if (!header || count == 0 || count > SECTIONS_MAX) {
      throw new IllegalArgumentException("its ELF header is not that of a module");
    }
    ByteBuffer names = bytes(Short.toUnsignedInt(elf.getShort(62)));
    for (int index = 0; index < count; index++) {
      int at = headerAt(index);
      sections.add(
          new Section(
              text(names, elf.getInt(at)),
              elf.getInt(at + 4),
              elf.getLong(at + 8),
              elf.getInt(at + 40),
              elf.getInt(at + 44),
              elf.getLong(at + 48),
              bytes(index)));
    }
  }

  private int headerAt(int index) {
    return Math.toIntExact(elf.getLong(40) + (long) index * SECTION_HEADER_BYTES);
  }

  private ByteBuffer bytes(int index) {
    int at = headerAt(index);
    int type = elf.getInt(at + 4);
    int offset = Math.toIntExact(elf.getLong(at + 24));
    int size = type == 0 || type == SECTION_NOBITS ? 0 : Math.toIntExact(elf.getLong(at + 32));
    return elf.slice(size == 0 ? 0 : offset, size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String text(ByteBuffer strings, int at) {
    int end = at;
    while (strings.get(end) != 0) {
      end++;
    }
    byte[] text = new byte[end - at];
    strings.get(at, text);
    return new String(text, StandardCharsets.UTF_8);
  }

  /// The modules that must be loaded before this one, as it says itself.
  List<String> depends() throws ContentRefused {
    for (Section section : sections) {
      if (section.name.equals(".modinfo")) {
        byte[] content = new byte[section.content.capacity()];
        section.content.get(0, content);
        for (String entry : new String(content, StandardCharsets.UTF_8).split("\0")) {
          if (entry.startsWith("depends=")) {
            return Arrays.stream(entry.substring("depends=".length()).split(","))
                .filter(each -> !each.isEmpty())
                .toList();
          }
        }
      }
    }
    throw new ContentRefused("the kernel module " + name + " does not say what it depends on");
  }

  byte[] stripped() throws ContentRefused {
    try {
      return write();
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      throw new ContentRefused("the kernel module " + name + " is damaged: " + e, e);
    }
  }

  /// Sections keep their numbers, which symbols, relocations and headers refer to; those that are
  /// not wanted become empty.
  private byte[] write() throws ContentRefused {
    int symtab = -1;
    for (int i = 0; i < sections.size(); i++) {
      int type = sections.get(i).type;
      if (type == SECTION_GROUP || type == SECTION_SYMTAB_SHNDX) {
        throw new ContentRefused("the kernel module " + name + " has sections of type " + type);
      }
      symtab = type == SECTION_SYMTAB ? i : symtab;
    }
    if (symtab < 0) {
      throw new ContentRefused("the kernel module " + name + " has no symbols");
    }
    Symbols symbols = keptSymbols(sections.get(symtab));
    ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 20);
    out.write(elf.array(), 0, HEADER_BYTES);
    long[] offsets = new long[sections.size()];
    long[] sizes = new long[sections.size()];
    for (int i = 0; i < sections.size(); i++) {
      Section section = sections.get(i);
      byte[] content = content(i, symtab, symbols);
      pad(out, section.inMemory() ? Math.max(1, Math.min(section.align, 4096)) : 8);
      offsets[i] = out.size();
      sizes[i] = section.type == SECTION_NOBITS ? elf.getLong(headerAt(i) + 32) : content.length;
      out.writeBytes(content);
    }
    pad(out, 8);
    long headers = out.size();
    for (int i = 0; i < sections.size(); i++) {
      ByteBuffer header = ByteBuffer.allocate(SECTION_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      header.put(0, elf.array(), headerAt(i), SECTION_HEADER_BYTES);
      header.putLong(24, i == 0 ? 0 : offsets[i]).putLong(32, sizes[i]);
      if (i == symtab) {
        header.putInt(44, symbols.locals);
      }
      out.writeBytes(header.array());
    }
    byte[] made = out.toByteArray();
    ByteBuffer.wrap(made).order(ByteOrder.LITTLE_ENDIAN).putLong(40, headers);
    return made;
  }

  private byte[] content(int index, int symtab, Symbols symbols) {
    Section section = sections.get(index);
    if (index == symtab) {
      return symbols.table;
    }
    if (index == sections.get(symtab).link) {
      return symbols.strings;
    }
    if (section.type == SECTION_RELA && relocatesMemory(section)) {
      return renumbered(section, symbols.numbers);
    }
    boolean kept =
        section.inMemory() || index == Short.toUnsignedInt(elf.getShort(62)) /* section names */;
    byte[] content = new byte[kept ? section.content.capacity() : 0];
    section.content.get(0, content);
    return content;
  }

  private boolean relocatesMemory(Section rela) {
    return sections.get(rela.target).inMemory();
  }

  private static byte[] renumbered(Section rela, int[] numbers) {
    byte[] content = new byte[rela.content.capacity()];
    rela.content.get(0, content);
    ByteBuffer relocations = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < content.length; at += RELA_BYTES) {
      long named = relocations.getLong(at + 8);
      long number = numbers[(int) (named >>> 32)];
      relocations.putLong(at + 8, number << 32 | (named & 0xffff_ffffL));
    }
    return content;
  }

  private static final class Symbols {
    private final byte[] table;
    private final byte[] strings;

    /// The new number of each old symbol.
    private final int[] numbers;

    /// How many come before the first global one.
    private final int locals;

    Symbols(byte[] table, byte[] strings, int[] numbers, int locals) {
      this.table = table;
      this.strings = strings;
      this.numbers = numbers;
      this.locals = locals;
    }
  }

  private Symbols keptSymbols(Section symtab) {
    int count = symtab.content.capacity() / SYMBOL_BYTES;
    boolean[] kept = new boolean[count];
    kept[0] = true;
    for (Section section : sections) {
      if (section.type == SECTION_RELA && relocatesMemory(section)) {
        for (int at = 8; at < section.content.capacity(); at += RELA_BYTES) {
          kept[(int) (section.content.getLong(at) >>> 32)] = true;
        }
      }
    }
    ByteBuffer strings = sections.get(symtab.link).content;
    ByteArrayOutputStream newStrings = new ByteArrayOutputStream();
    newStrings.write(0);
    Map<String, Integer> known = new HashMap<>();
    known.put("", 0);
    ByteBuffer table = ByteBuffer.allocate(count * SYMBOL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    int[] numbers = new int[count];
    int next = 0;
    int locals = 0;
    for (int i = 0; i < count; i++) {
      int at = i * SYMBOL_BYTES;
      boolean local = (symtab.content.get(at + 4) >> 4) == 0;
      if (local && !kept[i]) {
        continue;
      }
      String symbol = text(strings, symtab.content.getInt(at));
      // Labels of the assembler: relocations need the place, nobody needs the name.
      symbol = local && symbol.startsWith(".L") ? "" : symbol;
      Integer place = known.get(symbol);
      if (place == null) {
        place = newStrings.size();
        known.put(symbol, place);
        newStrings.writeBytes(symbol.getBytes(StandardCharsets.UTF_8));
        newStrings.write(0);
      }
      table.put(next * SYMBOL_BYTES, symtab.content, at, SYMBOL_BYTES);
      table.putInt(next * SYMBOL_BYTES, place);
      numbers[i] = next++;
      locals += local ? 1 : 0;
    }
    byte[] newTable = Arrays.copyOf(table.array(), next * SYMBOL_BYTES);
    return new Symbols(newTable, newStrings.toByteArray(), numbers, locals);
  }

  private static void pad(ByteArrayOutputStream out, long align) {
    while (out.size() % align != 0) {
      out.write(0);
    }
  }
}
