package brume.standalone;

import brume.db.EmbeddedPostgres;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Objects;

/// A guest of a dozen instructions in the shape of a kernel: it says [#TEXT] through the SBI and
/// waits for interrupts for ever. It boots in milliseconds, so that tests about the cloud need not
/// wait for Linux.
final class TinyGuest {
  static final String TEXT = "tiny guest\n";

  private static final int[] PROGRAM = {
    0x00000697, //       auipc a3, 0
    0x03868693, //       addi  a3, a3, 56       the text behind the program
    0x00068713, //       mv    a4, a3
    0x00074503, // next: lbu   a0, 0(a4)
    0x02050063, //       beqz  a0, idle
    0x444248b7, //       lui   a7, 0x44424
    0x34e8889b, //       addiw a7, a7, 0x34e    "DBCN"
    0x00200813, //       li    a6, 2            write one byte
    0x00000073, //       ecall
    0x00170713, //       addi  a4, a4, 1
    0xfe5ff06f, //       j     next
    0x00000013, //       nop
    0x10500073, // idle: wfi
    0xffdff06f, //       j     idle
  };

  private TinyGuest() {}

  /// Makes an image folder; answers its `file:` source.
  static String source(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve("kernel"), kernel());
    Files.write(folder.resolve("initrd"), new byte[512]);
    Files.writeString(
        folder.resolve("manifest"),
        """
        brume-image 1
        kernel kernel
        initrd initrd
        min-memory-mib 16
        """);
    return "file:" + folder.toAbsolutePath();
  }

  /// The 64-byte header of Linux' boot-image-header.rst, then the program and its text.
  static byte[] kernel() {
    ByteBuffer image = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    image.putInt(0x0400006f); // j +64: over the header
    image.putInt(0);
    image.putLong(0x200000); // text_offset
    image.putLong(4096); // image_size
    image.putLong(0); // flags: little endian
    image.putInt(2); // version 0.2
    image.putInt(0);
    image.putLong(0);
    image.put("RISCV\0\0\0".getBytes(StandardCharsets.US_ASCII));
    image.put("RSC\u0005".getBytes(StandardCharsets.US_ASCII));
    image.putInt(0);
    for (int instruction : PROGRAM) {
      image.putInt(instruction);
    }
    image.put(TEXT.getBytes(StandardCharsets.US_ASCII));
    return image.array();
  }

  /// Makes it an image of the cloud's own, as the database's owner: the API has no way to do so
  /// yet.
  ///
  /// @return the image's id
  static String register(Cloud cloud, String name, String source) throws IOException, SQLException {
    String password = Files.readString(cloud.data().resolve("postgres/password")).strip();
    String url = Objects.requireNonNull(cloud.database()).url();
    try (Connection connection =
            DriverManager.getConnection(url, EmbeddedPostgres.OWNER, password);
        var statement =
            connection.prepareStatement(
                """
                INSERT INTO compute.image
                  (id, account_id, name, architecture, source, memory_mib_min, created_at)
                VALUES ('ami-' || substr(md5(?), 1, 17), NULL, ?, 'riscv64', ?, 16, now())
                RETURNING id
                """)) {
      statement.setString(1, name);
      statement.setString(2, name);
      statement.setString(3, source);
      try (var made = statement.executeQuery()) {
        made.next();
        return made.getString(1);
      }
    }
  }
}
