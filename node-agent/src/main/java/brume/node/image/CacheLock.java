package brume.node.image;

import brume.contract.CacheFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// One holder at a time among all processes and all threads. The operating system frees the lock of
/// a process that dies, so it is never left behind; the file itself stays and means nothing.
final class CacheLock implements AutoCloseable {
  /// The JVM refuses a second file lock of its own, so threads queue here first.
  private static final ConcurrentHashMap<Path, ReentrantLock> HELD_HERE = new ConcurrentHashMap<>();

  private static final long POLL_MILLIS = 100;

  private final ReentrantLock threads;
  private final FileChannel channel;

  private CacheLock(ReentrantLock threads, FileChannel channel) {
    this.threads = threads;
    this.channel = channel;
  }

  /// @param waiting called before each time it waits
  static CacheLock take(Path file, Duration patience, Runnable waiting)
      throws IOException, ImageException {
    Files.createDirectories(file.getParent());
    ReentrantLock threads =
        HELD_HERE.computeIfAbsent(file.toAbsolutePath().normalize(), key -> new ReentrantLock());
    long turns = Math.max(1, patience.toMillis() / POLL_MILLIS);
    try {
      while (!threads.tryLock(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        turns = waitOn(file, patience, turns, waiting);
      }
      return takeAmongProcesses(file, patience, turns, waiting, threads);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImageException.CacheUnusable("interrupted while waiting for " + file, e);
    }
  }

  private static CacheLock takeAmongProcesses(
      Path file, Duration patience, long turns, Runnable waiting, ReentrantLock threads)
      throws IOException, ImageException, InterruptedException {
    FileChannel channel = null;
    boolean taken = false;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      for (FileLock lock = channel.tryLock(); lock == null; lock = channel.tryLock()) {
        turns = waitOn(file, patience, turns, waiting);
        Thread.sleep(POLL_MILLIS);
      }
      taken = true;
      return new CacheLock(threads, channel);
    } finally {
      if (!taken) {
        if (channel != null) {
          channel.close();
        }
        threads.unlock();
      }
    }
  }

  private static long waitOn(Path file, Duration patience, long turns, Runnable waiting)
      throws ImageException {
    if (turns <= 0) {
      throw new ImageException.CacheUnusable(
          "another process has held "
              + file
              + " for "
              + patience.toMinutes()
              + " minutes: end it, or set "
              + CacheFolder.VARIABLE
              + " to another folder");
    }
    waiting.run();
    return turns - 1;
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      threads.unlock();
    }
  }
}
