/// What an account watches its spending with: budgets and their alerts, a limit that stops
/// launches, money paid ahead. Owns the rules and what was found at the last look. Does not own
/// what things cost (`invoice`), credits (`terms`), or how alerts reach people (`webhook`).
@NullMarked
package brume.billing.budget;

import org.jspecify.annotations.NullMarked;
