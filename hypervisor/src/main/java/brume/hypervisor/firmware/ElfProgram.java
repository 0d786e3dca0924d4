package brume.hypervisor.firmware;

import brume.hypervisor.memory.GuestRam;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A bare-metal program: the PT_LOAD segments of a riscv64 ELF file at their physical addresses
/// (ELF-64 object file format, version 1.5).
///
/// @param entry physical address of the first instruction
/// @param toHost address of the symbol `tohost`, 0 if there is none
/// @param fromHost address of `fromhost`, likewise
/// @param signature what `begin_signature` and `end_signature` enclose, null without them
public record ElfProgram(
    long entry, long toHost, long fromHost, @Nullable SignatureRegion signature) {
  private static final String PART = "elf";
  private static final int HEADER_BYTES = 64, SEGMENT_BYTES = 56, SECTION_BYTES = 64;
  private static final int SYMBOL_BYTES = 24;
  private static final int MACHINE_RISCV = 243, EXECUTABLE = 2, SHARED = 3;
  private static final int LOAD = 1, SYMBOL_TABLE = 2;
  private static final int SYMBOLS_MAX = 1_000_000, NAME_BYTES_MAX = 16;
  private static final int STRING_BYTES_MAX = 64 << 20;
  private static final Set<String> WANTED =
      Set.of("tohost", "fromhost", "begin_signature", "end_signature");

  public static ElfProgram load(Path path, GuestRam ram) {
    try (BootFile file = BootFile.open(PART, path)) {
      if (file.size() < HEADER_BYTES || file.bytes(0, 4).getInt() != 0x464c_457f) {
        throw file.refuse("is not an ELF file");
      }
      ByteBuffer header = file.bytes(0, HEADER_BYTES);
      requireRiscv(file, header);
      loadSegments(file, header, ram);
      return findSymbols(file, header, ram);
    }
  }

  private static void requireRiscv(BootFile file, ByteBuffer header) {
    if (header.get(4) != 2 || header.get(5) != 1 || header.getShort(18) != MACHINE_RISCV) {
      throw file.refuse("is not a 64-bit little-endian RISC-V program");
    }
    int type = header.getShort(16);
    if (type != EXECUTABLE && type != SHARED) {
      throw file.refuse("is not an executable; link it first");
    }
    if (header.getShort(54) != SEGMENT_BYTES) {
      throw file.refuse("has program headers of an unknown size");
    }
  }

  private static void loadSegments(BootFile file, ByteBuffer header, GuestRam ram) {
    int count = header.getShort(56) & 0xffff;
    int loaded = 0;
    for (int i = 0; i < count; i++) {
      ByteBuffer segment = file.bytes(header.getLong(32) + (long) i * SEGMENT_BYTES, SEGMENT_BYTES);
      if (segment.getInt(0) != LOAD || segment.getLong(40) == 0) {
        continue;
      }
      loadSegment(file, i, segment, ram);
      loaded++;
    }
    if (loaded == 0) {
      throw file.refuse("has nothing to load");
    }
  }

  private static void loadSegment(BootFile file, int index, ByteBuffer segment, GuestRam ram) {
    long position = segment.getLong(8);
    long physical = segment.getLong(24);
    long inFile = segment.getLong(32);
    long inMemory = segment.getLong(40);
    boolean startsBelow = physical >= 0 && physical < ram.base();
    if (position == 0 && startsBelow && inFile > ram.base() - physical) {
      // A linker told only where the text goes puts the file's own header on the page before it.
      long header = ram.base() - physical;
      position += header;
      physical += header;
      inFile -= header;
      inMemory -= header;
    }
    if (inFile < 0 || inMemory < inFile || !ram.contains(physical, inMemory)) {
      throw file.refuse(
          "wants %d bytes at 0x%x; RAM is 0x%x to 0x%x"
              .formatted(inMemory, physical, ram.base(), ram.base() + ram.size()));
    }
    if (position < 0 || position > file.size() - inFile) {
      throw file.refuse("is cut off: segment " + index + " ends behind the end of the file");
    }
    // RAM is zero, so what a segment has beyond its bytes in the file is there already.
    file.copy(position, inFile, ram, physical);
  }

  private static ElfProgram findSymbols(BootFile file, ByteBuffer header, GuestRam ram) {
    Map<String, Long> found = new HashMap<>();
    int sections = header.getShort(60) & 0xffff;
    for (int i = 0; i < sections; i++) {
      ByteBuffer section = section(file, header, i);
      if (section.getInt(4) == SYMBOL_TABLE) {
        readSymbols(file, header, section, found);
      }
    }
    long toHost = found.getOrDefault("tohost", 0L);
    long fromHost = found.getOrDefault("fromhost", 0L);
    for (long symbol : new long[] {toHost, fromHost}) {
      if (symbol != 0 && (symbol % 8 != 0 || !ram.contains(symbol, 8))) {
        throw file.refuse(
            "has tohost or fromhost outside RAM or not aligned: 0x%x".formatted(symbol));
      }
    }
    Long begin = found.get("begin_signature");
    Long end = found.get("end_signature");
    SignatureRegion signature =
        begin == null || end == null ? null : new SignatureRegion(begin, end);
    return new ElfProgram(header.getLong(24), toHost, fromHost, signature);
  }

  private static void readSymbols(
      BootFile file, ByteBuffer header, ByteBuffer section, Map<String, Long> found) {
    long count = section.getLong(32) / SYMBOL_BYTES;
    if (count < 0 || count > SYMBOLS_MAX) {
      throw file.refuse("has " + count + " symbols; at most " + SYMBOLS_MAX);
    }
    ByteBuffer symbols = file.bytes(section.getLong(24), (int) count * SYMBOL_BYTES);
    ByteBuffer names = strings(file, section(file, header, section.getInt(40)));
    for (int s = 0; s < count; s++) {
      String name = name(names, symbols.getInt(s * SYMBOL_BYTES));
      if (WANTED.contains(name)) {
        found.put(name, symbols.getLong(s * SYMBOL_BYTES + 8));
      }
    }
  }

  private static ByteBuffer section(BootFile file, ByteBuffer header, int index) {
    int sections = header.getShort(60) & 0xffff;
    if (index < 0 || index >= sections || header.getShort(58) != SECTION_BYTES) {
      throw file.refuse("has broken section headers");
    }
    return file.bytes(header.getLong(40) + (long) index * SECTION_BYTES, SECTION_BYTES);
  }

  private static ByteBuffer strings(BootFile file, ByteBuffer section) {
    long size = section.getLong(32);
    if (size < 0 || size > STRING_BYTES_MAX) {
      throw file.refuse("has a string table of " + size + " bytes");
    }
    return file.bytes(section.getLong(24), (int) size);
  }

  /// Only the names looked for matter, so a longer one is cut.
  private static String name(ByteBuffer names, int at) {
    int end = at;
    while (end >= 0 && end < names.limit() && end - at < NAME_BYTES_MAX && names.get(end) != 0) {
      end++;
    }
    return at < 0 || at >= names.limit()
        ? ""
        : StandardCharsets.US_ASCII.decode(names.slice(at, end - at)).toString();
  }
}
