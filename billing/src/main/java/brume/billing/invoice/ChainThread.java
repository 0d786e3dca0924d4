package brume.billing.invoice;

import brume.billing.meter.LogChain;
import brume.billing.meter.Transition;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// Computes the chain over a log beside the thread that reads it: digests take as long as reading.
final class ChainThread implements AutoCloseable {
  private static final int PIECE = 4096;
  private static final int PIECES_WAITING_MAX = 8;

  private final BlockingQueue<List<Transition>> pieces =
      new ArrayBlockingQueue<>(PIECES_WAITING_MAX);
  private final LogChain chain = LogChain.empty();
  private final Thread thread = Thread.ofPlatform().name("log-chain").daemon().start(this::run);
  private List<Transition> piece = new ArrayList<>(PIECE);

  void add(Transition fact) {
    piece.add(fact);
    if (piece.size() == PIECE) {
      send();
    }
  }

  /// Of all that was added; nothing can be added after.
  byte[] head() {
    try {
      if (!piece.isEmpty()) {
        send();
      }
      send();
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the log was read", e);
    }
    return chain.head();
  }

  /// An empty piece is the last.
  private void send() {
    try {
      pieces.put(piece);
      piece = new ArrayList<>(PIECE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the log was read", e);
    }
  }

  private void run() {
    try {
      for (List<Transition> next = pieces.take(); !next.isEmpty(); next = pieces.take()) {
        next.forEach(chain::add);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Ends it also where the reading failed.
  @Override
  public void close() {
    thread.interrupt();
  }
}
