package brume.node.hypervisor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Writes kernels of a few instructions, in the form of a RISC-V Linux `Image`: enough to see a
/// real machine start, print and end, without an operating system. What it prints and how it ends
/// goes through the SBI (3.0: DBCN §12, SRST §10).
public final class TinyKernel {
  private static final int A0 = 10, A1 = 11, A6 = 16, A7 = 17;
  private static final int DBCN = 0x4442434e, SRST = 0x53525354;
  private static final int ECALL = 0x73, WFI = 0x10500073, JUMP_BACK = 0xffdff06f;
  private static final int HEADER_BYTES = 64;

  private final List<Integer> code = new ArrayList<>();

  public TinyKernel print(String text) {
    for (byte character : text.getBytes(java.nio.charset.StandardCharsets.US_ASCII)) {
      load(A7, DBCN).load(A6, 2).load(A0, character);
      code.add(ECALL);
    }
    return this;
  }

  /// @param reason 0: none, 1: system failure
  public TinyKernel powerOff(int reason) {
    load(A7, SRST).load(A6, 0).load(A0, 0).load(A1, reason);
    code.add(ECALL);
    return this;
  }

  /// Begins anew.
  public TinyKernel reset() {
    load(A7, SRST).load(A6, 0).load(A0, 1).load(A1, 0);
    code.add(ECALL);
    return this;
  }

  /// Sleeps, for ever.
  public TinyKernel waitForInterrupts() {
    code.add(WFI);
    code.add(JUMP_BACK);
    return this;
  }

  /// Keeps its processor busy, for ever.
  public TinyKernel spin() {
    code.add(0x6f);
    return this;
  }

  private TinyKernel load(int register, int value) {
    code.add((value + 0x800 & 0xfffff000) | register << 7 | 0x37);
    code.add((value & 0xfff) << 20 | register << 15 | register << 7 | 0x1b);
    return this;
  }

  public byte[] image() {
    ByteBuffer image =
        ByteBuffer.allocate(HEADER_BYTES + 4 * code.size()).order(ByteOrder.LITTLE_ENDIAN);
    image.putInt(0, HEADER_BYTES << 20 | 0x6f); // jal x0, HEADER_BYTES
    image.putLong(8, 2 << 20).putLong(16, 4096).putInt(32, 2);
    image.putLong(48, 0x5643534952L).putInt(56, 0x05435352);
    image.position(HEADER_BYTES);
    code.forEach(image::putInt);
    return image.array();
  }

  /// Lays an image folder out; returns what to give as the image's source.
  public String writeTo(Path folder) throws IOException {
    return write(folder, image(), 8);
  }

  static String write(Path folder, byte[] kernel, int minMemoryMib) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve("kernel"), kernel);
    Files.write(folder.resolve("initrd"), new byte[512]);
    Files.writeString(
        folder.resolve("manifest"),
        "brume-image 1\nkernel kernel\ninitrd initrd\nappend quiet\nmin-memory-mib %d\n"
            .formatted(minMemoryMib));
    return "file:" + folder.toAbsolutePath();
  }
}
