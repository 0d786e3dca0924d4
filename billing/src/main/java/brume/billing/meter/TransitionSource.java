package brume.billing.meter;

import java.util.List;
import java.util.function.Consumer;

/// Where transitions come from: this database's log today, another cell's stream later.
public interface TransitionSource {
  /// How many are read at once where nothing better is known.
  int BATCH = 10_000;

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

  /// The newest fact's `seq`, 0 when there is none.
  long head();
}
