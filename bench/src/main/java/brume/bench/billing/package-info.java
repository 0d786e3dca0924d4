/// Billing at size: a month of many accounts, made from the shape of a real arrival trace, is
/// metered, audited, issued and shown. It owns the made-up month and the clock beside each figure.
/// It does not own correctness: the audit it measures is the product's, and so are the rules.
@NullMarked
package brume.bench.billing;

import org.jspecify.annotations.NullMarked;
