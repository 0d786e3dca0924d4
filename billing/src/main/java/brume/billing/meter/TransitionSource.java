package brume.billing.meter;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Where transitions come from: this database's log today, another cell's stream later.
public interface TransitionSource {
  /// How many are read at once where nothing better is known.
  int BATCH = 10_000;

  /// The scheduler's log.
  String INSTANCES = "instances";

  /// The log of storage, addresses and traffic.
  String RESOURCES = "resources";

  /// Which log this is: each has a cursor and a chain of its own.
  default String name() {
    return INSTANCES;
  }

  /// The next facts in the order of their `seq`, which is the order in which they were committed:
  /// nothing can appear later with a smaller one.
  ///
  /// @param seq only facts after it
  /// @param limit at most so many
  List<Transition> after(long seq, int limit);

  /// Gives all facts up to a `seq` in order, in bounded memory.
  default void each(long throughSeq, Consumer<Transition> consumer) {
    long seq = 0;
    List<Transition> batch;
    do {
      batch = after(seq, BATCH);
      for (Transition fact : batch) {
        seq = fact.seq();
        if (seq <= throughSeq) {
          consumer.accept(fact);
        }
      }
    } while (seq < throughSeq && !batch.isEmpty());
  }

  /// All that is said of one resource, in order.
  default List<Transition> of(String resourceId) {
    List<Transition> facts = new ArrayList<>();
    each(
        head(),
        fact -> {
          if (fact.resourceId().equals(resourceId)) {
            facts.add(fact);
          }
        });
    return facts;
  }

  /// The newest fact's `seq`, 0 when there is none.
  long head();
}
