/// The billing service: it owns usage, prices and invoices, and the schema `billing`. It does not
/// own what happened (the scheduler's transition log, which it only reads) nor who may ask
/// (compute-api's tokens, which it only looks up).
@NullMarked
package brume.billing;

import org.jspecify.annotations.NullMarked;
