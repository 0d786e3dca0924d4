/// Quantities times prices, exactly. Owns amounts and the one place where they are rounded. Pure:
/// no database, no clock, no framework.
@NullMarked
package brume.billing.rating;

import org.jspecify.annotations.NullMarked;
