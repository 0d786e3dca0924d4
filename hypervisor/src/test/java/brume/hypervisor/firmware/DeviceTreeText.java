package brume.hypervisor.firmware;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Reads a flattened device tree back into source text in the form that `dtc -I dtb -O dts` prints,
/// written from the specification and not from our writer.
final class DeviceTreeText {
  private final ByteBuffer blob;
  private final int strings;
  private final StringBuilder text = new StringBuilder("/dts-v1/;\n\n");

  private DeviceTreeText(byte[] bytes) {
    blob = ByteBuffer.wrap(bytes);
    if (blob.getInt(0) != 0xd00dfeed || blob.getInt(4) != bytes.length) {
      throw new IllegalArgumentException("not a flattened device tree");
    }
    strings = blob.getInt(12);
    blob.position(blob.getInt(8));
  }

  static String of(byte[] bytes) {
    DeviceTreeText reader = new DeviceTreeText(bytes);
    reader.nodes();
    return reader.text.toString();
  }

  private void nodes() {
    int depth = 0;
    while (true) {
      int token = blob.getInt();
      switch (token) {
        case 1 -> {
          String name = string(blob.position());
          blob.position((blob.position() + name.length() + 4) & ~3);
          text.append(depth > 0 ? "\n" : "").append("\t".repeat(depth++));
          text.append(name.isEmpty() ? "/" : name).append(" {\n");
        }
        case 2 -> text.append("\t".repeat(--depth)).append("};\n");
        case 3 -> property(depth);
        case 9 -> {
          return;
        }
        default -> throw new IllegalArgumentException("token " + token);
      }
    }
  }

  private void property(int depth) {
    int length = blob.getInt();
    String name = string(strings + blob.getInt());
    byte[] value = new byte[length];
    blob.get(value);
    blob.position((blob.position() + 3) & ~3);
    text.append("\t".repeat(depth)).append(name);
    if (length > 0) {
      text.append(" = ").append(value(value));
    }
    text.append(";\n");
  }

  private String string(int at) {
    int end = at;
    while (blob.get(end) != 0) {
      end++;
    }
    byte[] bytes = new byte[end - at];
    blob.get(at, bytes);
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  /// The guess that dtc makes: strings if it looks like them, else cells, else bytes.
  private static String value(byte[] value) {
    if (isText(value)) {
      String all = new String(value, 0, value.length - 1, StandardCharsets.US_ASCII);
      return "\"" + all.replace("\0", "\\0") + "\"";
    }
    StringBuilder result = new StringBuilder();
    if (value.length % 4 == 0) {
      for (ByteBuffer cells = ByteBuffer.wrap(value); cells.hasRemaining(); ) {
        result.append(result.isEmpty() ? "" : " ").append("0x%02x".formatted(cells.getInt()));
      }
      return "<" + result + ">";
    }
    for (byte one : value) {
      result.append(result.isEmpty() ? "" : " ").append("%02x".formatted(one));
    }
    return "[" + result + "]";
  }

  private static boolean isText(byte[] value) {
    if (value[value.length - 1] != 0 || value[0] == 0) {
      return false;
    }
    for (int i = 0; i < value.length; i++) {
      boolean doubled = value[i] == 0 && i > 0 && value[i - 1] == 0;
      if (doubled || (value[i] != 0 && (value[i] < 32 || value[i] > 126))) {
        return false;
      }
    }
    return true;
  }
}
