package brume.scheduler.sync;

import brume.scheduler.fleet.RoundLoop;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Holds the answers of nodes whose desired set has not changed. One look asks for the versions of
/// all nodes that wait, in one query, so that a thousand waiting nodes cost no more than one. No
/// connection or transaction is held while a node waits.
public final class DesiredWatch implements RoundLoop.Round {
  private final DesiredQueries queries;
  private final int waitingMax;
  private final Map<String, Waiter> waiting = new ConcurrentHashMap<>();
  private volatile boolean closed;

  public DesiredWatch(DesiredQueries queries, int waitingMax) {
    this.queries = queries;
    this.waitingMax = waitingMax;
  }

  private static final class Waiter {
    private final String knownVersion;
    private final CountDownLatch changed = new CountDownLatch(1);

    private Waiter(String knownVersion) {
      this.knownVersion = knownVersion;
    }
  }

  /// Returns when the node's version is likely another than `knownVersion`, or after `atMost`; at
  /// once where too many wait already, and to a poll that the node has followed with another.
  void await(String nodeId, String knownVersion, Duration atMost) throws InterruptedException {
    if (closed || waiting.size() >= waitingMax) {
      return;
    }
    Waiter waiter = new Waiter(knownVersion);
    Waiter replaced = waiting.put(nodeId, waiter);
    if (replaced != null) {
      replaced.changed.countDown();
    }
    try {
      // After the waiter is there, so that no change falls between this look and those of the loop.
      if (version(queries.versions(java.util.List.of(nodeId)), nodeId).equals(knownVersion)) {
        waiter.changed.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
      }
    } finally {
      waiting.remove(nodeId, waiter);
    }
  }

  private static String version(Map<String, String> versions, String nodeId) {
    return versions.getOrDefault(nodeId, DesiredSet.EMPTY_VERSION);
  }

  /// One look.
  @Override
  public boolean run() {
    Map<String, Waiter> snapshot = new HashMap<>(waiting);
    if (snapshot.isEmpty()) {
      return false;
    }
    Map<String, String> versions = queries.versions(snapshot.keySet());
    snapshot.forEach((nodeId, waiter) -> {
      if (!version(versions, nodeId).equals(waiter.knownVersion)) {
        waiter.changed.countDown();
      }
    });
    return false;
  }

  /// Lets everybody go, and keeps nobody from now on: the service ends.
  public void close() {
    closed = true;
    waiting.values().forEach(waiter -> waiter.changed.countDown());
  }

  int waiting() {
    return waiting.size();
  }
}
