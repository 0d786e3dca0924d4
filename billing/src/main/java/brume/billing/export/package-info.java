/// Invoices as files: CSV, FOCUS and PDF. Owns how they look. Does not own what stands in them.
@NullMarked
package brume.billing.export;

import org.jspecify.annotations.NullMarked;
