/// What a unit of each meter costs, and when. Owns price books, their validation and their store.
/// Does not own quantities or amounts.
@NullMarked
package brume.billing.pricing;

import org.jspecify.annotations.NullMarked;
