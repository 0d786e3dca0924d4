package brume.hypervisor.reference;

/// Virtual memory, privileged specification §12.3 to §12.6, and Svnapot and Svadu: every access
/// walks, nothing is remembered.
final class ReferenceTranslation {
  private static final int V = 1, R = 2, W = 4, X = 8, U = 16, A = 64, D = 128;

  private final ReferenceMemory memory;
  private final ReferenceCsrs csrs;

  ReferenceTranslation(ReferenceMemory memory, ReferenceCsrs csrs) {
    this.memory = memory;
    this.csrs = csrs;
  }

  /// The physical address of an access that lies within one page, checked in all ways.
  long physical(long virtual, int length, Access access) {
    int privilege = csrs.privilege;
    if (access != Access.FETCH && csrs.status(ReferenceCsrs.MPRV) != 0) {
      privilege = csrs.status(ReferenceCsrs.MPP);
    }
    long physical = virtual;
    int mode = (int) (csrs.satp >>> 60);
    if (privilege != 3 && mode != 0) {
      physical = walk(virtual, access, privilege, mode - 5);
    }
    if (!csrs.protection.allows(physical, length, access, privilege)
        || !memory.contains(physical, length)) {
      throw new ReferenceTrap(access.accessFault, virtual);
    }
    return physical;
  }

  private long walk(long virtual, Access access, int privilege, int levels) {
    ReferenceTrap pageFault = new ReferenceTrap(access.pageFault, virtual);
    int bits = 12 + 9 * levels;
    if (virtual << (64 - bits) >> (64 - bits) != virtual) {
      throw pageFault;
    }
    long table = (csrs.satp & ((1L << 44) - 1)) << 12;
    for (int level = levels - 1; level >= 0; level--) {
      long place = table + (virtual >>> (12 + 9 * level) & 511) * 8;
      checkTableAccess(place, Access.LOAD, access, virtual);
      long entry = memory.loadEntry(place);
      if ((entry & V) == 0 || (entry & (R | W)) == W || (entry << 1) >>> 55 != 0) {
        throw pageFault;
      }
      long page = entry >>> 10 & ((1L << 44) - 1);
      boolean napot = entry < 0;
      if ((entry & (R | X)) == 0) {
        if ((entry & (U | A | D)) != 0 || napot) {
          throw pageFault;
        }
        table = page << 12;
        continue;
      }
      long offsetMask = (1L << (12 + 9 * level)) - 1;
      if (!permitted(entry, access, privilege) || ((page << 12) & offsetMask) != 0) {
        throw pageFault;
      }
      if (napot) {
        if (level != 0 || (page & 15) != 8) {
          throw pageFault;
        }
        page -= 8;
        offsetMask = 0xffff;
      }
      int wanted = access == Access.STORE ? A | D : A;
      if ((entry & wanted) != wanted) {
        if (!csrs.hardwareUpdatesEntries()) {
          throw pageFault;
        }
        checkTableAccess(place, Access.STORE, access, virtual);
        memory.store(place, 8, entry | wanted);
      }
      return (page << 12) | (virtual & offsetMask);
    }
    throw pageFault;
  }

  private void checkTableAccess(long place, Access kind, Access original, long virtual) {
    if (!csrs.protection.allows(place, 8, kind, 1) || !memory.contains(place, 8)) {
      throw new ReferenceTrap(original.accessFault, virtual);
    }
  }

  private boolean permitted(long entry, Access access, int privilege) {
    boolean user = (entry & U) != 0;
    boolean byPrivilege;
    if (privilege == 0) {
      byPrivilege = user;
    } else {
      byPrivilege = !user || (access != Access.FETCH && csrs.status(ReferenceCsrs.SUM) != 0);
    }
    boolean byKind =
        switch (access) {
          case FETCH -> (entry & X) != 0;
          case LOAD ->
              (entry & R) != 0 || ((entry & X) != 0 && csrs.status(ReferenceCsrs.MXR) != 0);
          case STORE -> (entry & W) != 0;
        };
    return byPrivilege && byKind;
  }
}
