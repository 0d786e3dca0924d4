package brume.hypervisor.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Puts hand-assembled programs into the files that a machine boots from.
public final class TestGuests {
  public static final long RAM = 0x8000_0000L;
  public static final long TO_HOST = RAM + 0x1000, FROM_HOST = RAM + 0x1040;

  private TestGuests() {}

  /// An ELF file with the program at the start of RAM and the symbols of HTIF.
  public static Path elf(Path file, Assembler program) {
    return write(file, elfBytes(program.bytes()));
  }

  public static byte[] elfBytes(byte[] code) {
    Map<String, Long> symbols = new LinkedHashMap<>();
    symbols.put("tohost", TO_HOST);
    symbols.put("fromhost", FROM_HOST);
    return elfBytes(code, symbols);
  }

  public static byte[] elfBytes(byte[] code, Map<String, Long> symbols) {
    byte[] names =
        ("\0" + String.join("\0", symbols.keySet()) + "\0").getBytes(StandardCharsets.US_ASCII);
    int symbolBytes = (symbols.size() + 1) * 24;
    int codeAt = 120;
    int symbolsAt = (codeAt + code.length + 7) / 8 * 8;
    int namesAt = symbolsAt + symbolBytes;
    int sectionsAt = (namesAt + names.length + 7) / 8 * 8;
    ByteBuffer elf = ByteBuffer.allocate(sectionsAt + 3 * 64).order(ByteOrder.LITTLE_ENDIAN);
    elf.putInt(0x464c_457f).put((byte) 2).put((byte) 1).put((byte) 1);
    elf.position(16).putShort((short) 2).putShort((short) 243).putInt(1);
    elf.putLong(RAM).putLong(64).putLong(sectionsAt).putInt(0);
    elf.putShort((short) 64).putShort((short) 56).putShort((short) 1);
    elf.putShort((short) 64).putShort((short) 3).putShort((short) 0);
    elf.putInt(1).putInt(7).putLong(codeAt).putLong(RAM).putLong(RAM);
    elf.putLong(code.length).putLong(0x2000).putLong(4096);
    elf.position(codeAt).put(code);
    elf.position(symbolsAt + 24);
    int nameAt = 1;
    for (Map.Entry<String, Long> symbol : symbols.entrySet()) {
      elf.putInt(nameAt).putInt(1 << 16).putLong(symbol.getValue()).putLong(8);
      nameAt += symbol.getKey().length() + 1;
    }
    elf.position(namesAt).put(names);
    elf.position(sectionsAt + 64);
    section(elf, 2, symbolsAt, symbolBytes, 2);
    section(elf, 3, namesAt, names.length, 0);
    return elf.array();
  }

  private static void section(ByteBuffer elf, int type, int at, int size, int link) {
    elf.putInt(0).putInt(type).putLong(0).putLong(0).putLong(at).putLong(size);
    elf.putInt(link).putInt(0).putLong(8).putLong(24);
  }

  /// A kernel Image whose code is the program, in S-mode.
  public static Path kernel(Path file, Assembler program) {
    byte[] code = program.bytes();
    ByteBuffer image = ByteBuffer.allocate(64 + code.length).order(ByteOrder.LITTLE_ENDIAN);
    // j +64, over the header.
    image.putInt(0x0400_006f).putInt(0).putLong(0x20_0000).putLong(64 + code.length + 65536L);
    image.position(48).putLong(0x0000_0056_4353_4952L).putInt(0x0543_5352).putInt(0);
    return write(file, image.put(code).array());
  }

  public static Path write(Path file, byte[] content) {
    try {
      return Files.write(file, content);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /// A program that tells HTIF to end with this status.
  public static Assembler exit(Assembler program, int status) {
    return program
        .li(Assembler.T0, (long) status << 1 | 1)
        .li(Assembler.T1, TO_HOST)
        .store(8, Assembler.T0, 0, Assembler.T1)
        .label("end")
        .j("end");
  }
}
