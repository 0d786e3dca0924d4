package brume.billing.invoice;

import brume.billing.rating.Period;
import java.time.Instant;
import java.util.List;

/// The set-based half of rating for all accounts at once. One database answers with one query; of a
/// database that is sharded by account each shard answers for its own.
interface UsageSums {
  /// Which accounts are asked for.
  enum Accounts {
    ALL,
    /// Those without an invoice of the period.
    NOT_INVOICED
  }

  /// Hears of one account after the other.
  @FunctionalInterface
  interface Each {
    /// @param sums in the order of an invoice's lines
    void account(String accountId, List<UsageSum> sums);
  }

  /// In the caller's transaction, in the memory of one account.
  ///
  /// @throws PriceMissing when something has no price
  void each(Period period, Instant asOf, Accounts accounts, Each each);
}
