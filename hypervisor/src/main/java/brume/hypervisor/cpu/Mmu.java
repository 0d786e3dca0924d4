package brume.hypervisor.cpu;

import brume.hypervisor.memory.AccessFault;
import brume.hypervisor.memory.GuestRam;
import brume.hypervisor.memory.HostMemory;
import brume.hypervisor.memory.PhysicalMemory;
import java.util.Arrays;

/// Addresses as a hart's loads and stores see them. The fast way is in the instructions, which look
/// at the hart's [TranslationBuffer] themselves. Everything else comes here: misses, devices, page
/// tables, protection finer than a page, accesses over two pages.
///
/// After each call [#fault] is negative, or the cause of an exception, with its address in
/// [#faultAddress] and nothing changed.
final class Mmu {
  static final int FETCH = 0;
  static final int LOAD = 1;
  static final int STORE = 2;

  private static final int NONE = -1;
  private static final int BLOCK_BYTES = 64;
  private static final int[] PAGE_FAULTS = {Cause.FETCH_PAGE, Cause.LOAD_PAGE, Cause.STORE_PAGE};
  private static final int[] ACCESS_FAULTS = {
    Cause.FETCH_ACCESS, Cause.LOAD_ACCESS, Cause.STORE_ACCESS
  };

  private final Hart hart;
  private final PhysicalMemory memory;
  private final GuestRam ram;
  private final Csrs csrs;
  private final PageWalk walk;
  private final TranslationContexts contexts = new TranslationContexts();
  private final LocalPages locals;

  /// By level (4 for Svnapot's): which large leaves were entered page by page, hashed. A fence for
  /// one address must reach all pages of a large leaf.
  private final long[][] largeLeaves = new long[5][64];

  int fault = NONE;
  long faultAddress;
  private long reservedHost;
  private long reservedValue;
  private int reservedBytes;
  private long reservedAtWrites;

  /// Physical; -1 where nobody need be told.
  private long updatedAddress;

  Mmu(Hart hart, PhysicalMemory memory, Csrs csrs) {
    this.hart = hart;
    this.memory = memory;
    this.ram = memory.ram();
    this.csrs = csrs;
    this.walk = new PageWalk(memory, csrs.pmp);
    this.locals = new LocalPages(hart);
  }

  static long tag(long address, long context) {
    return (address & -CodePage.BYTES) | context;
  }

  /// Must follow each change of `satp`, privilege, or the bits of `mstatus` that matter here.
  void enterContexts() {
    if (locals.enter(csrs.satp)) {
      contexts.retireSupervisors();
    }
    long fetch = fetchContext();
    long data = fetch == 0 ? 0 : dataContext();
    if (data == 0) {
      contexts.startAgain();
      hart.loadBuffer.clear();
      hart.storeBuffer.clear();
      LoadSites.clear(hart.state);
      hart.fetchBuffer.clear();
      hart.jumps.renew();
      fetch = fetchContext();
      data = dataContext();
    }
    hart.enterContexts(fetch, data);
  }

  private long fetchContext() {
    boolean bare = hart.privilege == Privilege.MACHINE;
    return contexts.number(bare ? 0 : csrs.satp, hart.privilege, false, false);
  }

  private long dataContext() {
    int privilege = csrs.dataPrivilege();
    boolean bare = privilege == Privilege.MACHINE;
    boolean sum = privilege == Privilege.SUPERVISOR && (csrs.mstatus() & Status.SUM) != 0;
    boolean mxr = !bare && (csrs.mstatus() & Status.MXR) != 0;
    return contexts.number(bare ? 0 : csrs.satp, privilege, sum, mxr);
  }

  /// SFENCE.VMA for everything.
  void flushAll() {
    contexts.retireAll();
    for (long[] leaves : largeLeaves) {
      Arrays.fill(leaves, 0);
    }
    enterContexts();
  }

  /// SFENCE.VMA for an address space. Global pages go too, which is allowed.
  void flushSpace(int asid) {
    contexts.retire(asid);
    boolean here = asid == (int) (csrs.satp >>> 44 & 0xffff);
    if (here && locals.forget()) {
      contexts.retireSupervisors();
    }
    enterContexts();
  }

  /// SFENCE.VMA for an address, in all address spaces, which is allowed.
  void flushAddress(long address) {
    for (int level = 1; level <= 4; level++) {
      int hash = largeLeafHash(address, level);
      if ((largeLeaves[level][hash >>> 6] >>> hash & 1) != 0) {
        flushAll();
        return;
      }
    }
    hart.loadBuffer.forget(address);
    LoadSites.clear(hart.state);
    hart.storeBuffer.forget(address);
    hart.fetchBuffer.forget(address);
    hart.jumps.forget(address);
  }

  private static int largeLeafHash(long address, int level) {
    long number = address >>> (level == 4 ? 16 : 12 + 9 * level);
    return (int) ((number * 0x9e37_79b9_7f4a_7c15L) >>> 52);
  }

  private void rememberLargeLeaf(long address) {
    int level = walk.napot ? 4 : Math.min(walk.level, 3);
    if (level > 0) {
      int hash = largeLeafHash(address, level);
      largeLeaves[level][hash >>> 6] |= 1L << hash;
    }
  }

  /// No store buffer entry leads to this RAM page any more.
  void dropStores(int page) {
    long host = ram.hostPage(ram.base() + ((long) page << GuestRam.PAGE_BITS));
    hart.storeBuffer.drop(known -> known == host);
  }

  /// No store buffer entry leads to a page that is code any more; the numbers of the pages to which
  /// one did. Under the group's lock, so that no page becomes code meanwhile.
  int[] dropCodeStores() {
    long first = ram.hostPage(ram.base());
    long[] dropped =
        hart.storeBuffer.drop(host -> ram.isCode((int) ((host - first) >>> GuestRam.PAGE_BITS)));
    return Arrays.stream(dropped)
        .mapToInt(host -> (int) ((host - first) >>> GuestRam.PAGE_BITS))
        .toArray();
  }

  /// The physical address of `bytes` inside one page, or -1 with [#fault] set.
  long translate(long address, int bytes, int access) {
    fault = NONE;
    int privilege = access == FETCH ? hart.privilege : csrs.dataPrivilege();
    long physical = address;
    if (privilege != Privilege.MACHINE && csrs.satp >>> 60 != 0) {
      physical =
          walk.walk(
              csrs.satp, address, access, privilege, csrs.mstatus(), csrs.updatesPageTables());
    } else if (address >>> 56 != 0) {
      physical = PageWalk.FAULT_ACCESS;
    } else {
      walk.level = 0;
      walk.napot = false;
      walk.global = true;
    }
    if (physical >= 0 && !csrs.pmp.allows(physical, bytes, access, privilege)) {
      physical = PageWalk.FAULT_ACCESS;
    }
    if (physical < 0) {
      fault = (physical == PageWalk.FAULT_PAGE ? PAGE_FAULTS : ACCESS_FAULTS)[access];
      faultAddress = address;
      return -1;
    }
    return physical;
  }

  private void accessFault(long address, int access) {
    fault = ACCESS_FAULTS[access];
    faultAddress = address;
  }

  /// The one place where a host address for guest code's use is made: the address of a page that is
  /// surely this machine's RAM.
  private void fill(TranslationBuffer buffer, long address, long physical) {
    if (csrs.pmp.uniform(physical & -CodePage.BYTES)) {
      long addend = ram.hostPage(physical) - (address & -CodePage.BYTES);
      long tag = tag(address, hart.dataContext);
      buffer.fill(address, tag, addend);
      rememberLargeLeaf(address);
      rememberLocal(csrs.dataPrivilege(), tag);
    }
  }

  private void rememberLocal(int privilege, long tag) {
    if (privilege == Privilege.SUPERVISOR && !walk.global) {
      locals.add(tag);
    }
  }

  /// Whether the buffer knows the page of an access that does not leave it; its first way does
  /// then.
  private boolean isKnown(TranslationBuffer buffer, long address) {
    if (buffer.isFirst(address, tag(address, hart.dataContext))) {
      fault = NONE;
      return true;
    }
    return promote(buffer, address);
  }

  private boolean promote(TranslationBuffer buffer, long address) {
    if (buffer.promote(address, tag(address, hart.dataContext))) {
      fault = NONE;
      return true;
    }
    return false;
  }

  /// Whether a buffer may keep this page's translation for fetches; it is then remembered.
  boolean admitsFetches(long address, long physical) {
    boolean admitted = csrs.pmp.uniform(physical & -CodePage.BYTES);
    if (admitted) {
      rememberLargeLeaf(address);
      rememberLocal(hart.privilege, tag(address, hart.fetchContext));
    }
    return admitted;
  }

  /// The two bytes of code at a virtual address, or -1 with [#fault] set.
  int fetchHalf(long address) {
    long physical = translate(address, 2, FETCH);
    if (physical >= 0 && !ram.contains(physical, 2)) {
      accessFault(address, FETCH);
      return -1;
    }
    return physical < 0 ? -1 : ram.load16(physical);
  }

  /// Zero-extended.
  long load(long address, int bytes) {
    if (crosses(address, bytes)) {
      return loadAcross(address, bytes);
    }
    if (promote(hart.loadBuffer, address)) {
      return HostMemory.load(hart.loadBuffer.host(address), bytes);
    }
    long physical = translate(address, bytes, LOAD);
    return physical < 0 ? 0 : loadPhysical(address, physical, bytes);
  }

  private static boolean crosses(long address, int bytes) {
    return (int) (address & (CodePage.BYTES - 1)) > CodePage.BYTES - bytes;
  }

  private long loadPhysical(long address, long physical, int bytes) {
    if (ram.contains(physical, bytes)) {
      fill(hart.loadBuffer, address, physical);
      return memory.load(physical, bytes);
    }
    try {
      long value = memory.load(physical, bytes);
      hart.afterDevice();
      return value;
    } catch (AccessFault e) {
      accessFault(address, LOAD);
      return 0;
    }
  }

  private long loadAcross(long address, int bytes) {
    int before = CodePage.BYTES - (int) (address & (CodePage.BYTES - 1));
    long first = translateRam(address, before, LOAD);
    if (first < 0) {
      return 0;
    }
    long second = translateRam(address + before, bytes - before, LOAD);
    if (second < 0) {
      return 0;
    }
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      value = value << 8 | memory.load(i < before ? first + i : second + i - before, 1);
    }
    return value;
  }

  void store(long address, int bytes, long value) {
    if (crosses(address, bytes)) {
      storeAcross(address, bytes, value);
      return;
    }
    if (promote(hart.storeBuffer, address)) {
      HostMemory.store(hart.storeBuffer.host(address), bytes, value);
      return;
    }
    long physical = translate(address, bytes, STORE);
    if (physical < 0) {
      return;
    }
    if (ram.contains(physical, bytes)) {
      memory.store(physical, bytes, value);
      if (ram.admitStores(ram.pageNumber(physical))) {
        fill(hart.storeBuffer, address, physical);
      } else {
        hart.afterDevice();
      }
      return;
    }
    try {
      memory.store(physical, bytes, value);
      hart.afterDevice();
    } catch (AccessFault e) {
      accessFault(address, STORE);
    }
  }

  private void storeAcross(long address, int bytes, long value) {
    int before = CodePage.BYTES - (int) (address & (CodePage.BYTES - 1));
    long first = translateRam(address, before, STORE);
    long second = first < 0 ? -1 : translateRam(address + before, bytes - before, STORE);
    if (second < 0) {
      return;
    }
    for (int i = 0; i < bytes; i++) {
      memory.store(i < before ? first + i : second + i - before, 1, value >>> (8 * i));
    }
  }

  /// The host address for an AMO or SC on aligned bytes, which fault as a store does and work on
  /// RAM only; 0 with [#fault] set. When it is done, [#updated] must follow.
  long forUpdate(long address, int bytes) {
    if (isKnown(hart.storeBuffer, address)) {
      updatedAddress = -1;
      return hart.storeBuffer.host(address);
    }
    long physical = translateRam(address, bytes, STORE);
    if (physical < 0) {
      return 0;
    }
    if (ram.admitStores(ram.pageNumber(physical))) {
      fill(hart.storeBuffer, address, physical);
    }
    updatedAddress = physical;
    return ram.hostPage(physical) + (physical & (CodePage.BYTES - 1));
  }

  /// What [#forUpdate] gave the address of was written. Through the store buffer nobody need be
  /// told: if the page has become code since, [Rendezvous] sees to it.
  void updated(int bytes) {
    if (updatedAddress >= 0) {
      memory.afterStore(updatedAddress, bytes);
      hart.afterDevice();
    }
  }

  /// As [#translate], where only RAM will do.
  private long translateRam(long address, int bytes, int access) {
    long physical = translate(address, bytes, access);
    if (physical >= 0 && !ram.contains(physical, bytes)) {
      accessFault(address, access);
      return -1;
    }
    return physical;
  }

  /// Zero-extended.
  long loadReserved(long address, int bytes) {
    long host;
    if (isKnown(hart.loadBuffer, address)) {
      host = hart.loadBuffer.host(address);
    } else {
      long physical = translateRam(address, bytes, LOAD);
      if (physical < 0) {
        return 0;
      }
      fill(hart.loadBuffer, address, physical);
      host = ram.hostPage(physical) + (physical & (CodePage.BYTES - 1));
    }
    reservedHost = host;
    reservedBytes = bytes;
    reservedAtWrites = ram.deviceWrites();
    reservedValue =
        bytes == 4
            ? HostMemory.load32Volatile(host) & 0xffff_ffffL
            : HostMemory.load64Volatile(host);
    return reservedValue;
  }

  /// Succeeds only on what the last LR read. Where harts take turns: if no device wrote since and
  /// no other hart ran. Where they run in parallel: if the bytes are still what LR read. That other
  /// harts wrote something else and then the same again is not seen (Zalrsc §14.2 would have it
  /// fail); it matters to nobody who stores what follows from what he read, and a failure always
  /// means that someone else stored, so among harts in a loop of LR and SC one gets through.
  ///
  /// Its address is looked at in any case: what may not be stored to faults without a reservation
  /// too.
  boolean storeConditional(long address, int bytes, long value) {
    long host = forUpdate(address, bytes);
    if (host == 0) {
      return false;
    }
    boolean holds = reservedBytes == bytes && reservedHost == host;
    dropReservation();
    if (!holds) {
      return false;
    }
    if (hart.group.parallel) {
      holds =
          bytes == 4
              ? HostMemory.replace32(host, (int) reservedValue, (int) value)
              : HostMemory.replace64(host, reservedValue, value);
    } else {
      holds = reservedAtWrites == ram.deviceWrites();
      if (holds && bytes == 4) {
        HostMemory.store32(host, (int) value);
      } else if (holds) {
        HostMemory.store64(host, value);
      }
    }
    if (holds) {
      updated(bytes);
    }
    return holds;
  }

  void dropReservation() {
    reservedBytes = 0;
  }

  /// `cbo.zero`: the 64 bytes around `address`.
  void zeroBlock(long address) {
    long block = address & -BLOCK_BYTES;
    if (isKnown(hart.storeBuffer, block)) {
      HostMemory.zero(hart.storeBuffer.host(block), BLOCK_BYTES);
      return;
    }
    long physical = translateRam(block, BLOCK_BYTES, STORE);
    if (physical < 0) {
      faultAddress = address;
      return;
    }
    for (int i = 0; i < BLOCK_BYTES; i += 8) {
      memory.store(physical + i, 8, 0);
    }
    if (ram.admitStores(ram.pageNumber(physical))) {
      fill(hart.storeBuffer, block, physical);
    } else {
      hart.afterDevice();
    }
  }

  /// The check of the other `cbo` instructions: allowed where a load or a store is; the fault of a
  /// store otherwise (RISC-V unprivileged §21.3).
  void touchBlock(long address) {
    long block = address & -BLOCK_BYTES;
    if (translateRam(block, BLOCK_BYTES, LOAD) < 0) {
      translateRam(block, BLOCK_BYTES, STORE);
      faultAddress = address;
    }
  }
}
