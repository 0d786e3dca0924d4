package brume.node.image.debian;

import brume.node.image.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/// A tiny archive in Debian's form: a kernel package with modules, busybox, an index, a signature.
final class TestRepository {
  static final String RELEASE = "6.12.9+deb13-riscv64";
  static final String KERNEL_DEB =
      "pool/main/l/linux/linux-image-" + RELEASE + "_6.12.9-1_riscv64.deb";
  static final String BUSYBOX_DEB = "pool/main/b/busybox/busybox-static_1.37.0-6+b9_riscv64.deb";
  static final String INDEX = "dists/trixie/main/binary-riscv64/Packages.xz";
  static final String IN_RELEASE = "dists/trixie/InRelease";

  String codename = "trixie";
  String moreOfRelease = "";
  boolean byHash = true;

  private final Map<String, byte[]> kernelFiles = new LinkedHashMap<>();

  TestRepository() throws IOException {
    kernelFiles.put("./boot/vmlinux-" + RELEASE, kernel());
    module("drivers/virtio", "virtio_mmio", "");
    module("drivers/char/hw_random", "virtio-rng", "");
    module("drivers/block", "virtio_blk", "");
    module("drivers/net", "virtio_net", "net_failover");
    module("drivers/net", "net_failover", "failover");
    module("net/core", "failover", "");
    module("crypto", "crc32c_generic", "");
    module("fs/ext4", "ext4", "jbd2,mbcache,crc16");
    module("fs/jbd2", "jbd2", "");
    module("fs", "mbcache", "");
    // A kernel may have a module built in.
    kernelFiles.put(
        "./usr/lib/modules/" + RELEASE + "/modules.builtin",
        "kernel/lib/crc16.ko\n".getBytes(StandardCharsets.UTF_8));
    kernelFiles.put("./usr/lib/modules/" + RELEASE + "/../../../../tmp/evil", new byte[1]);
  }

  private static byte[] kernel() {
    byte[] kernel = new byte[300_000];
    new java.util.Random(7).nextBytes(kernel);
    ByteBuffer.wrap(kernel).order(ByteOrder.LITTLE_ENDIAN).putInt(0x38, 0x05435352);
    return kernel;
  }

  void module(String folder, String name, String depends) throws IOException {
    kernelFiles.put(
        "./usr/lib/modules/" + RELEASE + "/kernel/" + folder + "/" + name + ".ko.xz",
        xz(ElfObject.module(name, depends, 50)));
  }

  void without(String module) {
    kernelFiles.keySet().removeIf(path -> path.endsWith("/" + module + ".ko.xz"));
  }

  void kernel(byte[] content) {
    kernelFiles.put("./boot/vmlinux-" + RELEASE, content);
  }

  /// Puts all files where a mirror has them.
  void publish(Map<String, byte[]> files, TestKey key) throws IOException {
    byte[] busybox =
        deb(
            Map.of("./usr/bin/busybox", "busybox program".getBytes(StandardCharsets.UTF_8)),
            "data.tar.xz");
    byte[] kernel = deb(kernelFiles, "data.tar.xz");
    files.put(BUSYBOX_DEB, busybox);
    files.put(KERNEL_DEB, kernel);
    String index =
        entry("aardvark", "pool/main/a/aardvark/aardvark_1_all.deb", new byte[9], "")
            + entry("busybox-static", BUSYBOX_DEB, busybox, "")
            + entry("linux-image-" + RELEASE, KERNEL_DEB, kernel, "initramfs-tools")
            + entry(
                "linux-image-riscv64",
                "pool/main/l/linux/linux-image-riscv64_6.12.9-1_riscv64.deb",
                new byte[9],
                "linux-image-" + RELEASE + " (= 6.12.9-1)");
    byte[] packed = xz(index.getBytes(StandardCharsets.UTF_8));
    String sha256 = Sha256.of(packed);
    files.put(byHash ? "dists/trixie/main/binary-riscv64/by-hash/SHA256/" + sha256 : INDEX, packed);
    String release =
        """
        Origin: Debian
        Codename: %s
        %sAcquire-By-Hash: %s
        MD5Sum:
         00000000000000000000000000000000 1 main/binary-riscv64/Packages.xz
        SHA256:
         %s %d main/binary-riscv64/Packages
         %s %8d main/binary-riscv64/Packages.xz
        """
            .formatted(
                codename,
                moreOfRelease,
                byHash ? "yes" : "no",
                Sha256.of(index.getBytes(StandardCharsets.UTF_8)),
                index.length(),
                sha256,
                packed.length);
    files.put(IN_RELEASE, key.sign(release));
  }

  private static String entry(String name, String file, byte[] content, String depends) {
    return """
    Package: %s
    Version: 6.12.9-1
    Architecture: riscv64
    Depends: %s
    Description: a package
     Filename: not this one
    Filename: %s
    Size: %d
    SHA256: %s

    """
        .formatted(name, depends, file, content.length, Sha256.of(content));
  }

  static byte[] deb(Map<String, byte[]> files, String dataName) throws IOException {
    ByteArrayOutputStream tarBytes = new ByteArrayOutputStream();
    OutputStream packed =
        dataName.endsWith(".xz") ? new XZOutputStream(tarBytes, new LZMA2Options(1)) : tarBytes;
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(packed)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
      for (var file : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey(), true);
        entry.setSize(file.getValue().length);
        tar.putArchiveEntry(entry);
        tar.write(file.getValue());
        tar.closeArchiveEntry();
      }
    }
    ByteArrayOutputStream deb = new ByteArrayOutputStream();
    try (ArArchiveOutputStream ar = new ArArchiveOutputStream(deb)) {
      add(ar, "debian-binary", "2.0\n".getBytes(StandardCharsets.US_ASCII));
      add(ar, "control.tar.xz", xz(new byte[1024]));
      add(ar, dataName, tarBytes.toByteArray());
    }
    return deb.toByteArray();
  }

  private static void add(ArArchiveOutputStream ar, String name, byte[] content)
      throws IOException {
    ar.putArchiveEntry(new ArArchiveEntry(name, content.length));
    ar.write(content);
    ar.closeArchiveEntry();
  }

  static byte[] xz(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (XZOutputStream xz = new XZOutputStream(out, new LZMA2Options(1))) {
      xz.write(content);
    }
    return out.toByteArray();
  }
}
