package brume.billing.meter;

import java.util.List;

/// Where transitions come from: this database's log today, another cell's stream later.
public interface TransitionSource {
  /// The next facts in the order of their `seq`, which is the order in which they were committed:
  /// nothing can appear later with a smaller one.
  ///
  /// @param seq only facts after it
  /// @param limit at most so many
  List<Transition> after(long seq, int limit);

  /// The newest fact's `seq`, 0 when there is none.
  long head();
}
