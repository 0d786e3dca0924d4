/// Billing's HTTP: who calls, what they may see, and how a refusal reads. Owns no rule about money.
@NullMarked
package brume.billing.web;

import org.jspecify.annotations.NullMarked;
