package brume.billing.meter;

import brume.contract.VmState;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One kind of thing that is counted. The meters are this table: a new one is a row here, its name
/// in the database's CHECK, and a price.
///
/// @param name as it stands in usage and price books
/// @param service the heading under which invoices add it up
/// @param of what it is a meter of
/// @param counter the size of a fact is a counter's reading, and what was used is how far it went;
///   else what is used is the size times the seconds that it is held
/// @param billed the states in which a resource is used; every other state ends its usage. What is
///   no instance is `RUNNING` while it is there, and then `GONE`
public record Meter(
    String name, String service, ResourceKind of, boolean counter, Set<VmState> billed, Unit unit) {
  private static final Set<VmState> THERE = Set.of(VmState.RUNNING);

  /// A VM that migrates goes on being one running instance.
  public static final Meter INSTANCE_SECONDS =
      new Meter(
          "instance-seconds",
          "Instances",
          ResourceKind.INSTANCE,
          false,
          Set.of(VmState.RUNNING, VmState.MIGRATING),
          Unit.SECOND);

  public static final Meter VOLUME_STORAGE =
      storage("volume-mib-seconds", "Volumes", ResourceKind.VOLUME);
  public static final Meter SNAPSHOT_STORAGE =
      storage("snapshot-mib-seconds", "Snapshots", ResourceKind.SNAPSHOT);
  public static final Meter IMAGE_STORAGE =
      storage("image-mib-seconds", "Images", ResourceKind.IMAGE);
  public static final Meter ADDRESS_SECONDS =
      new Meter("address-seconds", "Addresses", ResourceKind.ADDRESS, false, THERE, Unit.SECOND);
  public static final Meter EGRESS_BYTES =
      new Meter("egress-bytes", "Data transfer", ResourceKind.TRAFFIC, true, THERE, Unit.BYTE);

  public static final List<Meter> ALL =
      List.of(
          INSTANCE_SECONDS,
          VOLUME_STORAGE,
          SNAPSHOT_STORAGE,
          IMAGE_STORAGE,
          ADDRESS_SECONDS,
          EGRESS_BYTES);

  public Meter {
    billed = Set.copyOf(billed);
  }

  /// A meter is its name: prices are looked up by it for each line of each invoice.
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || (other instanceof Meter meter && meter.name.equals(name));
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  private static Meter storage(String name, String service, ResourceKind of) {
    return new Meter(name, service, of, false, THERE, Unit.MIB_SECOND);
  }

  /// How many units a price is for: 3,600 seconds where prices are for an hour.
  public long unitsPerPrice() {
    return unit.perPrice();
  }

  /// The log that it reads.
  public String log() {
    return of.log();
  }

  public static Meter named(String name) {
    for (Meter meter : ALL) {
      if (meter.name.equals(name)) {
        return meter;
      }
    }
    throw new IllegalArgumentException(
        "meter must be one of " + ALL.stream().map(Meter::name).toList() + ", not '" + name + "'");
  }
}
