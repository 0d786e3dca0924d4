package brume.hypervisor.cpu;

import java.util.function.Consumer;

/// Makes code of the host's from code of the guest's. What it makes depends on nothing but the
/// plan, so guests that run the same program may share it.
public interface Translator {
  /// How many instructions must have been interpreted from a place on before it is translated.
  long worth();

  /// Whether what it made costs so little that code which is not in use had better be made again
  /// than kept.
  default boolean isCheap() {
    return false;
  }

  /// Hands the code over now or later, on any thread; never, if it cannot be made. False if it has
  /// too much to do: ask again later.
  boolean translate(RegionPlan plan, Consumer<TranslatedCode> made);
}
