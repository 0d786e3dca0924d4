/// What an account sees: the month-to-date draft, its usage, and the audit that both must pass.
/// Owns the set-based reading of usage. Does not own arithmetic on money (`rating`) nor HTTP
/// (`web`).
@NullMarked
package brume.billing.invoice;

import org.jspecify.annotations.NullMarked;
