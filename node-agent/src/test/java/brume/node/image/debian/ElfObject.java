package brume.node.image.debian;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Writes a small relocatable object as a kernel module is one: code, `.modinfo`, type information,
/// symbols of which most are not needed, relocations of the code, and something appended.
final class ElfObject {
  private final List<byte[]> contents = new ArrayList<>();
  private final List<long[]> headers = new ArrayList<>();
  private final ByteArrayOutputStream names = new ByteArrayOutputStream();

  private ElfObject() {
    names.write(0);
    add("", 0, 0, 0, 0, 0, new byte[0]);
  }

  /// @param labels how many local symbols there are besides the one that is needed
  static byte[] module(String name, String depends, int labels) {
    ElfObject object = new ElfObject();
    object.add(".text", 1, 6, 0, 0, 0, "code of ".concat(name).getBytes(StandardCharsets.UTF_8));
    String modinfo = "license=GPL\0depends=" + depends + "\0name=" + name + "\0";
    object.add(".modinfo", 1, 2, 0, 0, 0, modinfo.getBytes(StandardCharsets.UTF_8));
    object.add(".BTF", 1, 0, 0, 0, 0, new byte[1000]);

    ByteArrayOutputStream strings = new ByteArrayOutputStream();
    strings.write(0);
    ByteBuffer symbols = ByteBuffer.allocate((labels + 4) * 24).order(ByteOrder.LITTLE_ENDIAN);
    symbols.position(24);
    for (int i = 0; i < labels; i++) {
      symbol(symbols, strings, ".L" + i, 0, 1, i);
    }
    symbol(symbols, strings, ".Lneeded", 0, 1, 4);
    symbol(symbols, strings, "needed_function", 0, 1, 6);
    symbol(symbols, strings, "printk", 0x10, 0, 0);
    ByteBuffer relocations = ByteBuffer.allocate(3 * 24).order(ByteOrder.LITTLE_ENDIAN);
    relocations.putLong(0).putLong((long) (labels + 1) << 32 | 35).putLong(0);
    relocations.putLong(2).putLong((long) (labels + 2) << 32 | 18).putLong(8);
    relocations.putLong(4).putLong((long) (labels + 3) << 32 | 19).putLong(0);
    object.add(".rela.text", 4, 0x40, 5, 1, 24, relocations.array());
    object.add(".symtab", 2, 0, 6, labels + 3, 24, symbols.array());
    object.add(".strtab", 3, 0, 0, 0, 0, strings.toByteArray());
    return object.write();
  }

  private static void symbol(
      ByteBuffer to, ByteArrayOutputStream strings, String name, int info, int section, int value) {
    to.putInt(strings.size()).put((byte) info).put((byte) 0).putShort((short) section);
    to.putLong(value).putLong(0);
    strings.writeBytes(name.getBytes(StandardCharsets.UTF_8));
    strings.write(0);
  }

  private void add(
      String name, int type, long flags, int link, int target, long entryBytes, byte[] content) {
    headers.add(new long[] {names.size(), type, flags, link, target, 8, entryBytes});
    names.writeBytes(name.getBytes(StandardCharsets.UTF_8));
    names.write(0);
    contents.add(content);
  }

  private byte[] write() {
    add(".shstrtab", 3, 0, 0, 0, 0, new byte[0]);
    contents.set(contents.size() - 1, names.toByteArray());
    ByteBuffer out = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0x464c457f).put((byte) 2).put((byte) 1).put((byte) 1);
    out.putShort(16, (short) 1).putShort(18, (short) 243).putInt(20, 1).putShort(52, (short) 64);
    out.putShort(58, (short) 64).putShort(60, (short) headers.size());
    out.putShort(62, (short) (headers.size() - 1));
    out.position(64);
    long[] offsets = new long[headers.size()];
    for (int i = 0; i < headers.size(); i++) {
      out.position((out.position() + 7) & ~7);
      offsets[i] = out.position();
      out.put(contents.get(i));
    }
    out.position((out.position() + 7) & ~7);
    out.putLong(40, out.position());
    for (int i = 0; i < headers.size(); i++) {
      long[] h = headers.get(i);
      out.putInt((int) h[0]).putInt((int) h[1]).putLong(h[2]).putLong(0).putLong(offsets[i]);
      out.putLong(contents.get(i).length).putInt((int) h[3]).putInt((int) h[4]);
      out.putLong(h[5]).putLong(h[6]);
    }
    out.put("PKCS7 bytes~Module signature appended~\n".getBytes(StandardCharsets.UTF_8));
    byte[] made = new byte[out.position()];
    out.get(0, made);
    return made;
  }
}
