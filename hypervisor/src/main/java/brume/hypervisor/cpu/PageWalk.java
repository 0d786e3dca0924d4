package brume.hypervisor.cpu;

import brume.hypervisor.memory.GuestRam;
import brume.hypervisor.memory.PhysicalMemory;

/// Walks page tables: Sv39, Sv48 and Sv57 (RISC-V privileged §12.3 to §12.6), with Svnapot, and
/// with Svadu where `menvcfg.ADUE` asks for it. Page tables must lie in RAM.
final class PageWalk {
  private static final long V = 1;
  private static final long R = 2;
  private static final long W = 4;
  private static final long X = 8;
  private static final long U = 16;
  private static final long G = 32;
  private static final long A = 64;
  private static final long D = 128;
  private static final long N = 1L << 63;

  /// Bits 54 to 60, and 61 and 62 as Svpbmt is absent.
  private static final long RESERVED = 0x7fc0_0000_0000_0000L;

  private static final long PPN = (1L << 44) - 1;

  static final int FAULT_PAGE = -1;
  static final int FAULT_ACCESS = -2;

  /// Another hart changed the entry while it was looked at (§12.3.2: begin anew).
  private static final int CHANGED = -3;

  private final GuestRam ram;
  private final Pmp pmp;

  /// The level of the leaf that the last walk found; 0 for a page of 4 KiB.
  int level;

  /// Whether that leaf was one of Svnapot's, of 64 KiB.
  boolean napot;

  /// Whether it is in all address spaces (§12.3.1).
  boolean global;

  PageWalk(PhysicalMemory memory, Pmp pmp) {
    this.ram = memory.ram();
    this.pmp = pmp;
  }

  /// The physical address, or [#FAULT_PAGE] or [#FAULT_ACCESS]. `satp` has a mode other than Bare.
  long walk(long satp, long address, int access, int privilege, long mstatus, boolean updates) {
    long found;
    do {
      found = walkOnce(satp, address, access, privilege, mstatus, updates);
    } while (found == CHANGED);
    return found;
  }

  private long walkOnce(
      long satp, long address, int access, int privilege, long mstatus, boolean updates) {
    int levels = (int) (satp >>> 60) - 5;
    int unused = 64 - 12 - 9 * levels;
    if (address << unused >> unused != address) {
      return FAULT_PAGE;
    }
    long table = (satp & PPN) << 12;
    global = false;
    for (level = levels - 1; level >= 0; level--) {
      long entryAddress = table + (address >>> (12 + 9 * level) & 511) * 8;
      if (!ram.contains(entryAddress, 8)
          || !pmp.allows(entryAddress, 8, Mmu.LOAD, Privilege.SUPERVISOR)) {
        return FAULT_ACCESS;
      }
      long entry = ram.load64(entryAddress);
      if ((entry & V) == 0 || (entry & (R | W)) == W || (entry & RESERVED) != 0) {
        return FAULT_PAGE;
      }
      global |= (entry & G) != 0;
      if ((entry & (R | X)) != 0) {
        if (!permits(entry, access, privilege, mstatus)) {
          return FAULT_PAGE;
        }
        return leaf(entry, entryAddress, address, access, updates);
      }
      if ((entry & (A | D | U | N)) != 0) {
        return FAULT_PAGE;
      }
      table = (entry >>> 10 & PPN) << 12;
    }
    return FAULT_PAGE;
  }

  private static boolean permits(long entry, int access, int privilege, long mstatus) {
    if ((entry & U) == 0) {
      if (privilege == Privilege.USER) {
        return false;
      }
    } else if (privilege == Privilege.SUPERVISOR
        && (access == Mmu.FETCH || (mstatus & Status.SUM) == 0)) {
      return false;
    }
    return switch (access) {
      case Mmu.FETCH -> (entry & X) != 0;
      case Mmu.LOAD -> (entry & R) != 0 || ((mstatus & Status.MXR) != 0 && (entry & X) != 0);
      default -> (entry & W) != 0;
    };
  }

  private long leaf(long entry, long entryAddress, long address, int access, boolean updates) {
    long ppn = entry >>> 10 & PPN;
    long low = (1L << (9 * level)) - 1;
    if ((ppn & low) != 0) {
      return FAULT_PAGE;
    }
    napot = (entry & N) != 0;
    if (napot) {
      if (level != 0 || (ppn & 15) != 8) {
        return FAULT_PAGE;
      }
      low = 15;
    }
    long wanted = access == Mmu.STORE ? A | D : A;
    if ((entry & wanted) != wanted) {
      if (!updates) {
        return FAULT_PAGE;
      }
      if (!pmp.allows(entryAddress, 8, Mmu.STORE, Privilege.SUPERVISOR)) {
        return FAULT_ACCESS;
      }
      if (!ram.replace64(entryAddress, entry, entry | wanted)) {
        return CHANGED;
      }
    }
    return ((ppn & ~low) | (address >>> 12 & low)) << 12 | (address & 4095);
  }
}
