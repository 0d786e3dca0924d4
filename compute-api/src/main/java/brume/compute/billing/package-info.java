/// The way to the billing service. It forwards, and reads the prices that billing publishes; it
/// owns neither usage nor invoices.
@NullMarked
package brume.compute.billing;

import org.jspecify.annotations.NullMarked;
