package brume.billing.meter;

import java.time.Instant;

/// Usage that has begun and not ended.
///
/// @param runStartedAt when the start happened that this usage belongs to; earlier than `startedAt`
///   where a run went on in a new epoch
/// @param size how much of it is used, or where the counter stood
/// @param migrating the resource is moving: its next epoch goes on with this run
public record OpenUsage(
    String resourceId,
    Meter meter,
    String accountId,
    String sku,
    long epoch,
    Instant runStartedAt,
    Instant startedAt,
    long openedSeq,
    boolean migrating,
    long size) {
  OpenUsage withMigrating(boolean value) {
    return value == migrating
        ? this
        : new OpenUsage(
            resourceId,
            meter,
            accountId,
            sku,
            epoch,
            runStartedAt,
            startedAt,
            openedSeq,
            value,
            size);
  }
}
