/// What is agreed with an account, which tax it pays, and what it has paid ahead. Owns terms,
/// credits and the table of taxes. Does not own amounts or invoices.
@NullMarked
package brume.billing.terms;

import org.jspecify.annotations.NullMarked;
