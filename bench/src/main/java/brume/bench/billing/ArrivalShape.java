package brume.bench.billing;

import java.util.random.RandomGenerator;

/// The shape of a public cloud's arrivals, as quantiles: virtual machines of the Azure public
/// dataset V1 (2017, CC BY 4.0) as published in huaweicloud/trace_generation_rnn, 259,159 of them
/// in 53,109 batches. Lifetimes are lower ends of the trace's five-minute steps.
final class ArrivalShape {
  private static final double[] LIFETIME_QUANTILES = {
    0, 0.05, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.8, 0.9, 0.92, 0.95, 0.99, 1
  };
  private static final double[] LIFETIME_SECONDS = {
    1, 300, 300, 900, 1200, 1500, 1800, 3900, 3900, 21_900, 29_100, 43_500, 86_700, 200_000
  };
  private static final double[] BATCH_QUANTILES = {0, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1};
  private static final double[] BATCH_SIZES = {1, 1, 2, 6, 14, 74, 297, 587};

  /// How many of the machines have 1, 2, 4, 8 vCPUs, and the type that stands for each.
  private static final double[] TYPE_SHARES = {0.62, 0.805, 0.904, 1};

  private static final String[] TYPES = {"e1.nano", "e1.micro", "e1.small", "e1.large"};

  private final RandomGenerator random;

  ArrivalShape(RandomGenerator random) {
    this.random = random;
  }

  long lifetimeMillis() {
    return Math.max(1, Math.round(1000 * at(LIFETIME_QUANTILES, LIFETIME_SECONDS)));
  }

  int batch() {
    return (int) Math.round(at(BATCH_QUANTILES, BATCH_SIZES));
  }

  String type() {
    double dice = random.nextDouble();
    int type = 0;
    while (dice >= TYPE_SHARES[type]) {
      type++;
    }
    return TYPES[type];
  }

  /// Between two quantiles in a straight line.
  private double at(double[] quantiles, double[] values) {
    double dice = random.nextDouble();
    int i = 1;
    while (dice > quantiles[i]) {
      i++;
    }
    double part = (dice - quantiles[i - 1]) / (quantiles[i] - quantiles[i - 1]);
    return values[i - 1] + part * (values[i] - values[i - 1]);
  }
}
