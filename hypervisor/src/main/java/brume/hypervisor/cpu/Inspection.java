package brume.hypervisor.cpu;

import brume.hypervisor.memory.GuestRam;

/// What a debugger sees of memory: RAM, by physical address or as a hart that is at rest would
/// translate at present, but whatever the permissions say and with nothing changed by looking: no
/// accessed bit, no buffer, no device.
public final class Inspection {
  private static final long V = 1, R = 2, X = 8;
  private static final long N = 1L << 63;
  private static final long PPN = (1L << 44) - 1;

  /// No address.
  public static final long NOWHERE = -1;

  private final Hart hart;
  private final GuestRam ram;

  public Inspection(Hart hart) {
    this.hart = hart;
    this.ram = hart.memory.ram();
  }

  /// The physical address of a virtual one, or [#NOWHERE]: RISC-V privileged §12.3.2.
  public long physical(long address) {
    long satp = hart.csrs.satp;
    if (hart.privilege == Privilege.MACHINE || satp >>> 60 == 0) {
      return address;
    }
    int levels = (int) (satp >>> 60) - 5;
    int unused = 64 - 12 - 9 * levels;
    if (address << unused >> unused != address) {
      return NOWHERE;
    }
    long table = (satp & PPN) << 12;
    for (int level = levels - 1; level >= 0; level--) {
      long entryAddress = table + (address >>> (12 + 9 * level) & 511) * 8;
      long entry = ram.contains(entryAddress, 8) ? ram.load64(entryAddress) : 0;
      if ((entry & V) == 0) {
        return NOWHERE;
      }
      if ((entry & (R | X)) != 0) {
        long low = (entry & N) != 0 ? 15 : (1L << (9 * level)) - 1;
        long page = (entry >>> 10 & PPN & ~low) | (address >>> 12 & low);
        return page << 12 | (address & 4095);
      }
      table = (entry >>> 10 & PPN) << 12;
    }
    return NOWHERE;
  }

  /// Reads as many bytes as there are from `address` on; the rest, and what is no RAM, is missing
  /// in the count that is returned.
  public int read(long address, boolean virtual, byte[] target) {
    return each(
        address,
        virtual,
        target.length,
        (physical, from, length) -> ram.read(physical, target, from, length));
  }

  /// Writes all or nothing.
  public boolean write(long address, boolean virtual, byte[] source) {
    int there = each(address, virtual, source.length, (physical, from, length) -> {});
    if (there < source.length) {
      return false;
    }
    each(
        address,
        virtual,
        source.length,
        (physical, from, length) -> ram.write(physical, source, from, length));
    return true;
  }

  private interface Piece {
    void take(long physical, int from, int length);
  }

  private int each(long address, boolean virtual, int count, Piece piece) {
    int done = 0;
    while (done < count) {
      long at = address + done;
      int length = Math.min(count - done, CodePage.BYTES - (int) (at & (CodePage.BYTES - 1)));
      long physical = virtual ? physical(at) : at;
      if (!ram.contains(physical, length)) {
        break;
      }
      piece.take(physical, done, length);
      done += length;
    }
    return done;
  }

  /// The 8 bytes at a virtual address, or `otherwise` where there are none.
  public long load64(long address, long otherwise) {
    long physical = physical(address);
    return (address & 7) == 0 && ram.contains(physical, 8) ? ram.load64(physical) : otherwise;
  }

  /// The 16 or 32 bits of the instruction at a virtual address; 0, which is none, where none can
  /// be.
  public int instruction(long address) {
    int low = half(address);
    return (low & 3) == 3 ? half(address + 2) << 16 | low : low;
  }

  private int half(long address) {
    long physical = physical(address);
    return ram.contains(physical, 2) ? ram.load16(physical) : 0;
  }
}
