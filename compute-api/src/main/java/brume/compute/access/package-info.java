/// Who a request comes from and what it may do: bearer tokens, principals, rights, the check before
/// each operation. It does not own the tokens themselves (`account`).
@NullMarked
package brume.compute.access;

import org.jspecify.annotations.NullMarked;
