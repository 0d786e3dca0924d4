/// What instances used over time. It owns how that is asked for and shown; the samples are the
/// scheduler's, which takes them from the reports of nodes (docs/metrics.md).
@NullMarked
package brume.compute.metric;

import org.jspecify.annotations.NullMarked;
