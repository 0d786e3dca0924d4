package brume.node.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;

/// A cpio archive of the form "newc", which is what Linux unpacks into its first file system
/// (Documentation/driver-api/early-userspace/buffer-format.rst). The same entries always give the
/// same bytes: they are sorted, owned by root and dated 1970. The kernel accepts archives one after
/// the other, so an archive may be appended to an image's initrd; of a path that comes twice the
/// later one wins. Folders above an entry are made where they were not given.
public final class CpioArchive {
  /// An archive has to fit into a guest's memory twice, so this is far beyond what boots.
  public static final long BYTES_MAX = 512L << 20;

  private static final int PATH_MAX = 4096;
  private static final int HEADER_BYTES = 110;
  private static final String TRAILER = "TRAILER!!!";

  private static final int TYPE_FILE = 0100000;
  private static final int TYPE_FOLDER = 0040000;
  private static final int TYPE_LINK = 0120000;
  private static final int TYPE_CHARACTER_DEVICE = 0020000;

  /// A parent sorts before its children, since it is a prefix of them.
  private final SortedMap<String, Entry> entries = new TreeMap<>();

  private long bytes;

  private static final class Entry {
    private final int mode;
    private final byte[] content;
    private final int deviceMajor;
    private final int deviceMinor;

    Entry(int mode, byte[] content, int deviceMajor, int deviceMinor) {
      this.mode = mode;
      this.content = content;
      this.deviceMajor = deviceMajor;
      this.deviceMinor = deviceMinor;
    }
  }

  public CpioArchive folder(String path, int permissions) {
    return put(path, TYPE_FOLDER, permissions, new byte[0], 0, 0);
  }

  public CpioArchive file(String path, int permissions, byte[] content) {
    return put(path, TYPE_FILE, permissions, content.clone(), 0, 0);
  }

  public CpioArchive link(String path, String target) {
    return put(path, TYPE_LINK, 0777, target.getBytes(StandardCharsets.UTF_8), 0, 0);
  }

  public CpioArchive characterDevice(String path, int permissions, int major, int minor) {
    return put(path, TYPE_CHARACTER_DEVICE, permissions, new byte[0], major, minor);
  }

  private CpioArchive put(
      String path, int type, int permissions, byte[] content, int major, int minor) {
    requirePath(path);
    if ((permissions & ~07777) != 0) {
      throw new IllegalArgumentException(
          "permissions must be 0 to 07777, not 0" + Integer.toOctalString(permissions));
    }
    int slash = path.lastIndexOf('/');
    if (slash > 0 && !entries.containsKey(path.substring(0, slash))) {
      folder(path.substring(0, slash), 0755);
    }
    bytes += HEADER_BYTES + path.length() + 8 + content.length;
    if (bytes > BYTES_MAX) {
      throw new IllegalArgumentException(
          "an archive may have " + BYTES_MAX + " bytes; " + path + " is beyond that");
    }
    entries.put(path, new Entry(type | permissions, content, major, minor));
    return this;
  }

  private static void requirePath(String path) {
    boolean plain = !path.isEmpty() && path.length() < PATH_MAX && path.indexOf('\0') < 0;
    if (plain) {
      for (String part : path.split("/", -1)) {
        plain &= !part.isEmpty() && !part.equals(".") && !part.equals("..");
      }
    }
    if (!plain || path.equals(TRAILER)) {
      throw new IllegalArgumentException(
          "path must be relative, without empty parts, '.' and '..', shorter than "
              + PATH_MAX
              + ": '"
              + path
              + "'");
    }
  }

  /// The archive with its end mark, padded to 4 bytes so that another one can follow.
  public byte[] toByteArray() {
    ByteArrayOutputStream out = new ByteArrayOutputStream((int) Math.min(bytes + 512, 1 << 26));
    int inode = 1;
    for (var entry : entries.entrySet()) {
      write(out, inode++, entry.getKey(), entry.getValue());
    }
    write(out, 0, TRAILER, new Entry(0, new byte[0], 0, 0));
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, int inode, String path, Entry entry) {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    boolean folder = (entry.mode & 0170000) == TYPE_FOLDER;
    int[] fields = {
      inode,
      entry.mode,
      0, // user
      0, // group
      folder ? 2 : 1, // links
      0, // time of change
      entry.content.length,
      0, // device of the archive, major and minor
      0,
      entry.deviceMajor,
      entry.deviceMinor,
      name.length + 1,
      0 // checksum, which newc does not use
    };
    StringBuilder header = new StringBuilder(HEADER_BYTES).append("070701");
    for (int field : fields) {
      header.append(HexFormat.of().withUpperCase().toHexDigits(field));
    }
    out.writeBytes(header.toString().getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(name);
    out.write(0);
    pad(out);
    out.writeBytes(entry.content);
    pad(out);
  }

  private static void pad(ByteArrayOutputStream out) {
    while (out.size() % 4 != 0) {
      out.write(0);
    }
  }
}
