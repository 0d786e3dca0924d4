package brume.hypervisor.debug;

import brume.hypervisor.cpu.Disassembler;
import brume.hypervisor.cpu.Encoding;
import brume.hypervisor.cpu.Hart;
import org.jspecify.annotations.Nullable;

/// A range of virtual addresses whose reading, writing or both stops the guest, before the
/// instruction that would do it.
///
/// @param kind what it waits for
/// @param address first byte
/// @param length bytes, 1 to [#LENGTH_MAX]
record Watchpoint(Kind kind, long address, long length) {
  static final long LENGTH_MAX = 1 << 20;

  /// With GDB's names: in a stop reply, and as the number of the `Z` packet.
  enum Kind {
    WRITE("watch", 2),
    READ("rwatch", 3),
    ACCESS("awatch", 4);

    final String reply;
    final int number;

    Kind(String reply, int number) {
      this.reply = reply;
      this.number = number;
    }

    static @Nullable Kind of(int number) {
      for (Kind kind : values()) {
        if (kind.number == number) {
          return kind;
        }
      }
      return null;
    }
  }

  /// What an instruction does to memory.
  private record Access(boolean reads, boolean writes, long address, long bytes) {}

  Watchpoint {
    if (length < 1 || length > LENGTH_MAX) {
      throw new IllegalArgumentException(
          "watchpoint: length " + length + "; must be 1 to " + LENGTH_MAX);
    }
  }

  /// Whether the instruction at hand would do what this waits for, with the registers as they are.
  boolean meets(Hart hart, int bits) {
    Encoding encoding = Disassembler.encoding(bits);
    Access access = encoding == null ? null : access(encoding, hart, bits);
    return access != null
        && (kind != Kind.WRITE || access.writes())
        && (kind != Kind.READ || access.reads())
        && access.address() - address < length
        && access.address() + access.bytes() > address;
  }

  private static @Nullable Access access(Encoding encoding, Hart hart, int bits) {
    long base = hart.x(bits >>> 15 & 31);
    long size = 1L << (bits >>> 12 & 3);
    long loadOffset = bits >> 20;
    long storeOffset = (bits >> 25 << 5) | (bits >>> 7 & 31);
    return switch (encoding.operands()) {
      case LOAD, FLOAT_LOAD -> new Access(true, false, base + loadOffset, size);
      case S, FLOAT_STORE -> new Access(false, true, base + storeOffset, size);
      case LR -> new Access(true, false, base, size);
      case AMO -> new Access(!isConditional(encoding), true, base, size);
      case CBO -> encoding == Encoding.CBO_ZERO ? new Access(false, true, base & -64, 64) : null;
      default -> null;
    };
  }

  private static boolean isConditional(Encoding encoding) {
    return encoding == Encoding.SC_W || encoding == Encoding.SC_D;
  }
}
