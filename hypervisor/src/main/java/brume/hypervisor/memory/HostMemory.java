package brume.hypervisor.memory;

import java.nio.ByteOrder;

/// Loads and stores at host addresses, little-endian, of any alignment, unchecked: the one place
/// that knows by what means host memory is reached. Only [GuestRam] and the harts' translation
/// buffers may make the addresses; whoever calls here has proved that they lie in a guest's RAM.
///
/// Unsafe rather than a memory segment because code of the JIT's early tiers, which runs most of a
/// guest's boot, is several times slower with the segment's twenty inlined methods.
@SuppressWarnings("removal")
public final class HostMemory {
  private static final sun.misc.Unsafe UNSAFE = unsafe();

  private static final long FIRST = sun.misc.Unsafe.ARRAY_LONG_BASE_OFFSET;

  private HostMemory() {}

  private static sun.misc.Unsafe unsafe() {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw new ExceptionInInitializerError("guests need a little-endian host");
    }
    try {
      var field = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      return (sun.misc.Unsafe) field.get(null);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  public static byte load8(long host) {
    return UNSAFE.getByte(host);
  }

  public static short load16(long host) {
    return UNSAFE.getShort(host);
  }

  public static int load32(long host) {
    return UNSAFE.getInt(host);
  }

  public static long load64(long host) {
    return UNSAFE.getLong(host);
  }

  public static void store8(long host, byte value) {
    UNSAFE.putByte(host, value);
  }

  public static void store16(long host, short value) {
    UNSAFE.putShort(host, value);
  }

  public static void store32(long host, int value) {
    UNSAFE.putInt(host, value);
  }

  public static void store64(long host, long value) {
    UNSAFE.putLong(host, value);
  }

  /// The same at a naturally aligned address, ordered as volatile accesses are.
  public static int load32Volatile(long host) {
    return UNSAFE.getIntVolatile(null, host);
  }

  public static long load64Volatile(long host) {
    return UNSAFE.getLongVolatile(null, host);
  }

  /// At a naturally aligned address, indivisible, and a full fence. True if `expected` was there.
  public static boolean replace32(long host, int expected, int value) {
    return UNSAFE.compareAndSwapInt(null, host, expected, value);
  }

  public static boolean replace64(long host, long expected, long value) {
    return UNSAFE.compareAndSwapLong(null, host, expected, value);
  }

  /// 1, 2, 4 or 8 bytes, zero-extended.
  public static long load(long host, int bytes) {
    return switch (bytes) {
      case 1 -> load8(host) & 0xff;
      case 2 -> load16(host) & 0xffff;
      case 4 -> load32(host) & 0xffff_ffffL;
      default -> load64(host);
    };
  }

  /// 1, 2, 4 or 8 bytes.
  public static void store(long host, int bytes, long value) {
    switch (bytes) {
      case 1 -> store8(host, (byte) value);
      case 2 -> store16(host, (short) value);
      case 4 -> store32(host, (int) value);
      default -> store64(host, value);
    }
  }

  /// `bytes` is a multiple of 8.
  public static void zero(long host, int bytes) {
    for (int i = 0; i < bytes; i += Long.BYTES) {
      UNSAFE.putLong(host + i, 0);
    }
  }

  /// Eight bytes of an array, unchecked: only at places that cannot be outside.
  public static long element(long[] array, long place) {
    return UNSAFE.getLong(array, FIRST + place);
  }

  public static void setElement(long[] array, long place, long value) {
    UNSAFE.putLong(array, FIRST + place, value);
  }

  static void read(long host, byte[] target, int offset, int length) {
    long array = (long) sun.misc.Unsafe.ARRAY_BYTE_BASE_OFFSET + offset;
    UNSAFE.copyMemory(null, host, target, array, length);
  }

  static void write(long host, byte[] source, int offset, int length) {
    long array = (long) sun.misc.Unsafe.ARRAY_BYTE_BASE_OFFSET + offset;
    UNSAFE.copyMemory(source, array, null, host, length);
  }
}
