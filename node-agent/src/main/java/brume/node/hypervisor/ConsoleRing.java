package brume.node.hypervisor;

import brume.contract.Checks;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/// The newest output of one guest. Offsets count all bytes that the guest ever printed, so a reader
/// can go on where it stopped and can see when it was too slow. Memory is taken as output comes.
public final class ConsoleRing {
  public static final int CAPACITY_BYTES = 256 * 1024;

  private static final int FIRST_BYTES = 4 * 1024;

  private final int capacity;
  private byte[] bytes;
  private long end;
  private boolean over;

  public ConsoleRing() {
    this(CAPACITY_BYTES);
  }

  ConsoleRing(int capacity) {
    this.capacity = capacity;
    this.bytes = new byte[Math.min(FIRST_BYTES, capacity)];
  }

  /// Some output.
  ///
  /// @param start the offset of the first of `bytes`: later than asked for where the reader was too
  ///   slow
  /// @param next where to go on
  @SuppressWarnings("ArrayRecordComponent") // made for one reader, which may do with it as it likes
  public record Piece(long start, byte[] bytes, long next) {}

  public synchronized void append(byte[] source, int offset, int length) {
    int kept = Math.min(length, capacity);
    int from = offset + length - kept;
    end += length - kept;
    grow(kept);
    for (int done = 0; done < kept; ) {
      int at = (int) (end % bytes.length);
      int portion = Math.min(kept - done, bytes.length - at);
      System.arraycopy(source, from + done, bytes, at, portion);
      done += portion;
      end += portion;
    }
    notifyAll();
  }

  /// Nothing more will be printed: whoever waits for output need not.
  public synchronized void finish() {
    over = true;
    notifyAll();
  }

  public synchronized boolean isOver() {
    return over;
  }

  /// Waits until there is output other than that before `from`, or there will be none any more, at
  /// most so long.
  public synchronized void await(long from, Duration atMost) throws InterruptedException {
    long started = System.nanoTime();
    while (end == from && !over) {
      long left = atMost.toNanos() - (System.nanoTime() - started);
      if (left <= 0) {
        return;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  /// Until it is full the ring has not wrapped, so its content stays where it is.
  private void grow(int more) {
    if (bytes.length < capacity && end + more > bytes.length) {
      long doubled = Math.max(2L * bytes.length, end + more);
      bytes = Arrays.copyOf(bytes, (int) Math.min(doubled, capacity));
    }
  }

  /// The offset of the oldest byte that is still here.
  public synchronized long start() {
    return Math.max(0, end - bytes.length);
  }

  /// How many bytes were ever printed.
  public synchronized long end() {
    return end;
  }

  /// What was printed from an offset on. An offset beyond the end was learnt from an earlier VM of
  /// the instance, so the reader gets this one's output from the start.
  public synchronized Piece read(long from, int bytesMax) {
    Checks.range("from", from, 0, Long.MAX_VALUE);
    long start = from > end ? start() : Math.max(from, start());
    int length = (int) Math.min(end - start, bytesMax);
    byte[] piece = new byte[length];
    for (int done = 0; done < length; ) {
      int at = (int) ((start + done) % bytes.length);
      int portion = Math.min(length - done, bytes.length - at);
      System.arraycopy(bytes, at, piece, done, portion);
      done += portion;
    }
    return new Piece(start, piece, start + length);
  }

  /// The last output, at most that many bytes of it.
  public synchronized byte[] tail(int bytesMax) {
    return read(Math.max(start(), end - bytesMax), bytesMax).bytes();
  }
}
