/// How alerts reach an account's own address: signed, tried again for a while, and never inside the
/// operator's network unless the operator allows it. Owns addresses, deliveries and tries. Does not
/// own what is told (`budget`).
@NullMarked
package brume.billing.webhook;

import org.jspecify.annotations.NullMarked;
