package brume.billing;

import java.util.Random;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/// Runs a property over seeds and says which one broke it. `-Dbrume.seed=N` runs that one alone.
public final class Seeds {
  private Seeds() {}

  public static void each(int count, Consumer<RandomGenerator> property) {
    Long given = Long.getLong("brume.seed");
    LongStream seeds = given == null ? LongStream.rangeClosed(1, count) : LongStream.of(given);
    seeds.forEach(seed -> {
      try {
        property.accept(new Random(seed));
      } catch (Throwable e) {
        throw new AssertionError("with -Dbrume.seed=" + seed + ": " + e.getMessage(), e);
      }
    });
  }
}
