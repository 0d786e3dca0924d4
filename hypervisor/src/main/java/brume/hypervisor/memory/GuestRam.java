package brume.hypervisor.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The RAM of one virtual machine. Addresses are guest-physical, in bytes; every access from here
/// is checked against the RAM's bounds and throws [AccessFault] outside them, so devices may hand
/// in whatever a guest gave them.
///
/// It is a private (copy-on-write) mapping of a sparse file, so the operating system gives it
/// memory page by page as the guest writes. For each page it keeps marks: whether code decoded from
/// it must be dropped on a write, whether a store must go the slow way, whether it was written.
///
/// Harts of one machine come here from several threads at once. What they agree on is one mark: who
/// decodes marks the page first and reads it then ([#markCode]); who writes the slow way writes
/// first and looks at the mark then ([#afterWrite]); so one of them sees the other. Who writes the
/// fast way has asked before ([#admitStores]), and is asked to give the page back.
public final class GuestRam implements AutoCloseable {
  public static final int PAGE_BITS = 12;
  public static final int PAGE_BYTES = 1 << PAGE_BITS;

  private static final byte CODE = 1;
  private static final byte WATCHED = 2;
  private static final byte STORE_CACHED = 4;
  private static final byte WRITTEN = 8;
  private static final VarHandle MARKS = MethodHandles.arrayElementVarHandle(byte[].class);

  private final long base;
  private final long size;
  private final Arena arena;
  private final long host;
  private final byte[] marks;
  private @Nullable DecodedCode decodedCode;
  private final LongAdder pagesWritten = new LongAdder();
  private long deviceWrites;
  private volatile boolean closed;

  private GuestRam(long base, long size, Arena arena, MemorySegment memory) {
    this.base = base;
    this.size = size;
    this.arena = arena;
    this.host = memory.address();
    this.marks = new byte[Math.toIntExact(size >>> PAGE_BITS)];
  }

  /// RAM of `size` bytes (a multiple of 4096) at guest-physical `base`, all zero, not yet backed by
  /// host memory.
  @SuppressWarnings("MustBeClosedChecker") // closed by close()
  public static GuestRam allocate(long base, long size) {
    if (size <= 0 || (size & (PAGE_BYTES - 1)) != 0 || size >>> PAGE_BITS > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "RAM size must be a positive multiple of 4096 below 8 TiB, not " + size);
    }
    if (base < 0 || (base & (PAGE_BYTES - 1)) != 0 || base + size < 0) {
      throw new IllegalArgumentException(
          "RAM base must be a multiple of 4096, not 0x" + Long.toHexString(base));
    }
    Arena arena = Arena.ofShared();
    try {
      return new GuestRam(base, size, arena, mapZeros(size, arena));
    } catch (IOException e) {
      arena.close();
      throw new UncheckedIOException("cannot map " + size + " bytes for a guest's RAM", e);
    }
  }

  /// A sparse file that is gone as soon as it is mapped; one byte at its end gives it its length.
  private static MemorySegment mapZeros(long size, Arena arena) throws IOException {
    Path file = Files.createTempFile("brume-ram", null);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1), size - 1);
      return channel.map(MapMode.PRIVATE, 0, size, arena);
    } finally {
      Files.delete(file);
    }
  }

  public long base() {
    return base;
  }

  public long size() {
    return size;
  }

  public boolean contains(long address, long bytes) {
    long offset = address - base;
    return bytes >= 0 && offset >= 0 && bytes <= size && offset <= size - bytes;
  }

  private long checked(long address, long bytes) {
    if (!contains(address, bytes)) {
      throw new AccessFault(address);
    }
    return host + (address - base);
  }

  public int load8(long address) {
    return HostMemory.load8(checked(address, 1)) & 0xff;
  }

  public int load16(long address) {
    return HostMemory.load16(checked(address, 2)) & 0xffff;
  }

  public int load32(long address) {
    return HostMemory.load32(checked(address, 4));
  }

  public long load64(long address) {
    return HostMemory.load64(checked(address, 8));
  }

  public void store8(long address, int value) {
    HostMemory.store8(checked(address, 1), (byte) value);
    written(address, 1);
  }

  public void store16(long address, int value) {
    HostMemory.store16(checked(address, 2), (short) value);
    written(address, 2);
  }

  public void store32(long address, int value) {
    HostMemory.store32(checked(address, 4), value);
    written(address, 4);
  }

  public void store64(long address, long value) {
    HostMemory.store64(checked(address, 8), value);
    written(address, 8);
  }

  /// Indivisibly, at an aligned address, as a hart updates a page table entry. True if `expected`
  /// was there.
  public boolean replace64(long address, long expected, long value) {
    boolean replaced = HostMemory.replace64(checked(address, 8), expected, value);
    if (replaced) {
      afterWrite(address, 8);
    }
    return replaced;
  }

  public void read(long address, byte[] target, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, target.length);
    HostMemory.read(checked(address, length), target, offset, length);
  }

  public void write(long address, byte[] source, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, source.length);
    HostMemory.write(checked(address, length), source, offset, length);
    if (length > 0) {
      written(address, length);
    }
  }

  private void written(long address, long bytes) {
    deviceWrites++;
    afterWrite(address, bytes);
  }

  /// Marks the pages as written and drops what was decoded from the bytes. A hart calls it after a
  /// store that went the slow way; the bytes are inside RAM.
  public void afterWrite(long address, long bytes) {
    // The other half of markCode's order: the bytes are there before the mark is looked at.
    VarHandle.fullFence();
    long offset = address - base;
    long end = offset + bytes;
    for (int page = (int) (offset >>> PAGE_BITS); page <= (int) ((end - 1) >>> PAGE_BITS); page++) {
      byte mark = marks[page];
      if ((mark & WRITTEN) == 0
          && ((byte) MARKS.getAndBitwiseOr(marks, page, WRITTEN) & WRITTEN) == 0) {
        pagesWritten.increment();
      }
      DecodedCode decoded = decodedCode;
      if ((mark & CODE) != 0 && decoded != null) {
        long start = (long) page << PAGE_BITS;
        int from = (int) Math.max(offset - start, 0);
        int to = (int) Math.min(end - start, PAGE_BYTES);
        decoded.written(page, from, to);
      }
    }
  }

  /// Counts writes by devices, so that a hart sees whether one fell into its reservation's time. Of
  /// use only where harts take turns: it may miss some while several threads write.
  public long deviceWrites() {
    return deviceWrites;
  }

  /// The host address of the RAM page that holds guest-physical `address`. For a translation
  /// buffer's fill only: isolation between guests rests on this check.
  public long hostPage(long address) {
    long page = address & -PAGE_BYTES;
    if (closed) {
      throw new IllegalStateException("this guest's RAM is closed");
    }
    return checked(page, PAGE_BYTES);
  }

  /// The number of the page, from the start of RAM, that holds `address`.
  public int pageNumber(long address) {
    return Math.toIntExact((checked(address, 1) - host) >>> PAGE_BITS);
  }

  void tell(DecodedCode decoded) {
    decodedCode = decoded;
  }

  /// Code of this page is about to be read and kept in decoded form: writes are reported from here
  /// on. True if a store buffer may hold the page: the caller must then take it out of every
  /// hart's, and treat the page as written at that moment if the hart was running.
  public boolean markCode(int page) {
    return (change(page, CODE, STORE_CACHED) & STORE_CACHED) != 0;
  }

  /// Nothing decoded of this page is kept any more. A hart may not have answered yet that it was to
  /// give the page back, so that one counts as having it.
  public void unmarkCode(int page) {
    change(page, STORE_CACHED, CODE);
  }

  public boolean isCode(int page) {
    return ((byte) MARKS.getVolatile(marks, page) & CODE) != 0;
  }

  /// Sets some marks and clears others in one step; answers what they were.
  private byte change(int page, byte set, byte clear) {
    while (true) {
      byte old = (byte) MARKS.getVolatile(marks, page);
      if (MARKS.compareAndSet(marks, page, old, (byte) ((old | set) & ~clear))) {
        return old;
      }
    }
  }

  void markWatched(long address) {
    MARKS.getAndBitwiseOr(marks, pageNumber(address), WATCHED);
  }

  boolean isWatched(long address) {
    return (marks[pageNumber(address)] & WATCHED) != 0;
  }

  /// Whether a store buffer may take this page, so that stores to it are no longer seen here; says
  /// no for pages whose stores something waits for. The page counts as written from here on.
  public boolean admitStores(int page) {
    while (true) {
      byte old = (byte) MARKS.getVolatile(marks, page);
      if ((old & (CODE | WATCHED)) != 0) {
        return false;
      }
      byte admitted = (byte) (old | STORE_CACHED | WRITTEN);
      if (old == admitted || MARKS.compareAndSet(marks, page, old, admitted)) {
        if ((old & WRITTEN) == 0) {
          pagesWritten.increment();
        }
        return true;
      }
    }
  }

  /// Bytes of host memory that hold pages this guest has touched: pages only read are the zeros of
  /// the file below and cost nothing.
  public long touchedBytes() {
    return pagesWritten.sum() << PAGE_BITS;
  }

  /// Every hart and device of the machine has stopped for good.
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      arena.close();
    }
  }
}
