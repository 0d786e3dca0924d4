/// Months of usage that leave the database for a file. Owns the file's form and that nothing is
/// dropped before it was read back. Does not own what is billed: a month is archived when nothing
/// of it can be billed any more.
@NullMarked
package brume.billing.archive;

import org.jspecify.annotations.NullMarked;
