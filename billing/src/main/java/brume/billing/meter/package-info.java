/// Transitions become usage. Owns the cursor, open and closed usage, and the rule of whole seconds.
/// Does not own prices, minimums or months: a second is metered the same whatever it costs.
@NullMarked
package brume.billing.meter;

import org.jspecify.annotations.NullMarked;
