/// That what the benchmark prints may be believed: sums, processor seconds, ratios. It measures
/// nothing.
@NullMarked
package brume.bench.guests;

import org.jspecify.annotations.NullMarked;
