package brume.node.vm;

import brume.contract.EndCause;
import brume.contract.VmState;
import brume.contract.sync.VmCounters;
import brume.contract.sync.VmEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What happened and is not acknowledged yet, oldest first. It is bounded without losing what
/// matters: when it is full, STARTING and STOPPING of VMs that have left those states again are
/// dropped, never RUNNING or an end, which billing counts by. Of those there are two for a VM, and
/// a node without a lease starts none. An event gets its sequence number when it is first sent, so
/// the scheduler never sees a gap; what was sent is not dropped, as it may be durable there
/// already. Guarded by the table's lock.
final class EventLog {
  static final int EVENTS_MAX = 10_000;

  /// In base64 characters: of what is kept here, and of what is sent at once.
  static final int CONSOLE_CHARACTERS_MAX = 24 << 20;

  static final int CONSOLE_CHARACTERS_SENT_MAX = 6 << 20;

  private final int eventsMax;
  private final Deque<Entry> pending = new ArrayDeque<>();
  private long lastOrdinal;
  private long acknowledgedOrdinal;
  private long lastSequence;
  private long consoleCharacters;
  private int mergeBeyond;

  EventLog() {
    this(EVENTS_MAX);
  }

  EventLog(int eventsMax) {
    this.eventsMax = eventsMax;
    this.mergeBeyond = eventsMax;
  }

  /// An event as it happened.
  record Fact(
      String instanceId,
      long epoch,
      long generation,
      VmState state,
      long monotonicNanos,
      @Nullable EndCause cause,
      @Nullable String reason) {}

  /// What a VM leaves behind with its end.
  ///
  /// @param console its last output
  @SuppressWarnings("ArrayRecordComponent") // encoded at once and never compared
  record Last(VmCounters counters, byte @Nullable [] console) {}

  private static final class Entry {
    private final long ordinal;
    private final Fact fact;
    private final @Nullable VmCounters counters;
    private @Nullable String console;
    private long sequence;

    Entry(long ordinal, Fact fact, @Nullable Last last) {
      byte[] bytes = last == null ? null : last.console();
      this.ordinal = ordinal;
      this.fact = fact;
      this.counters = last == null ? null : last.counters();
      this.console =
          bytes == null || bytes.length == 0 ? null : Base64.getEncoder().encodeToString(bytes);
    }

    boolean sent() {
      return sequence > 0;
    }

    int consoleLength() {
      return console == null ? 0 : console.length();
    }

    VmEvent event() {
      return new VmEvent(
          sequence,
          fact.instanceId(),
          fact.epoch(),
          fact.generation(),
          fact.state(),
          fact.monotonicNanos(),
          fact.cause(),
          fact.reason(),
          console,
          counters);
    }
  }

  /// The oldest events, as many as one report may carry.
  ///
  /// @param throughOrdinal all events up to this one are in the batch or were acknowledged
  record Batch(List<VmEvent> events, long throughOrdinal) {}

  /// Returns the ordinal of the event, which only this log knows: it does not change.
  ///
  /// @param last with the end of a VM that was here
  long add(Fact fact, @Nullable Last last) {
    lastOrdinal++;
    Entry entry = new Entry(lastOrdinal, clipped(fact), last);
    pending.add(entry);
    consoleCharacters += entry.consoleLength();
    dropOldestConsoles();
    if (pending.size() > mergeBeyond) {
      merge();
    }
    return lastOrdinal;
  }

  private static Fact clipped(Fact fact) {
    String reason = fact.reason();
    String clipped =
        reason == null || reason.length() <= VmEvent.REASON_LENGTH_MAX
            ? reason
            : reason.substring(0, VmEvent.REASON_LENGTH_MAX - 1) + "…";
    return new Fact(
        fact.instanceId(),
        fact.epoch(),
        fact.generation(),
        fact.state(),
        fact.monotonicNanos(),
        fact.cause(),
        clipped);
  }

  private void dropOldestConsoles() {
    Iterator<Entry> oldestFirst = pending.iterator();
    while (consoleCharacters > CONSOLE_CHARACTERS_MAX && oldestFirst.hasNext()) {
      Entry entry = oldestFirst.next();
      consoleCharacters -= entry.consoleLength();
      entry.console = null;
    }
  }

  /// The next time is a good part later, so that a log full of ends is not searched at each
  /// addition.
  private void merge() {
    Set<String> seenLater = new HashSet<>();
    for (Iterator<Entry> newestFirst = pending.descendingIterator(); newestFirst.hasNext(); ) {
      Entry entry = newestFirst.next();
      Fact fact = entry.fact;
      boolean leftAgain = !seenLater.add(fact.instanceId() + ' ' + fact.epoch());
      boolean passing =
          switch (fact.state()) {
            case STARTING, STOPPING, MIGRATING -> true;
            case RUNNING, GONE, FAILED -> false;
          };
      if (leftAgain && passing && !entry.sent()) {
        newestFirst.remove();
      }
    }
    mergeBeyond = Math.max(eventsMax, pending.size() + pending.size() / 4);
  }

  Batch batch(int eventsInBatchMax) {
    List<VmEvent> batch = new ArrayList<>();
    long through = acknowledgedOrdinal;
    long characters = 0;
    for (Entry entry : pending) {
      characters += entry.consoleLength();
      if (batch.size() == eventsInBatchMax
          || (characters > CONSOLE_CHARACTERS_SENT_MAX && !batch.isEmpty())) {
        break;
      }
      if (!entry.sent()) {
        lastSequence++;
        entry.sequence = lastSequence;
      }
      batch.add(entry.event());
      through = entry.ordinal;
    }
    return new Batch(batch, through);
  }

  void acknowledge(long sequence) {
    while (!pending.isEmpty()
        && pending.getFirst().sent()
        && pending.getFirst().sequence <= sequence) {
      Entry entry = pending.removeFirst();
      acknowledgedOrdinal = entry.ordinal;
      consoleCharacters -= entry.consoleLength();
    }
  }

  long acknowledgedOrdinal() {
    return acknowledgedOrdinal;
  }

  int size() {
    return pending.size();
  }
}
