/// The way to the billing service. It forwards and owns neither usage nor invoices.
@NullMarked
package brume.compute.billing;

import org.jspecify.annotations.NullMarked;
