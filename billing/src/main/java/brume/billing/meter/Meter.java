package brume.billing.meter;

import brume.contract.VmState;
import java.util.List;
import java.util.Set;

/// One kind of thing that is counted. The meters are this table: a new one is a row here, its name
/// in the database's CHECK, and a price.
///
/// @param name as it stands in usage and price books
/// @param service the heading under which invoices add it up
/// @param billed the states in which a resource is used; every other state ends its usage
/// @param unitsPerPrice how many units a price is for: 3,600 seconds where prices are for an hour
public record Meter(String name, String service, Set<VmState> billed, long unitsPerPrice) {
  /// A VM that migrates goes on being one running instance.
  public static final Meter INSTANCE_SECONDS =
      new Meter("instance-seconds", "Instances", Set.of(VmState.RUNNING, VmState.MIGRATING), 3600);

  public static final List<Meter> ALL = List.of(INSTANCE_SECONDS);

  public Meter {
    billed = Set.copyOf(billed);
  }

  public static Meter named(String name) {
    return ALL.stream()
        .filter(meter -> meter.name.equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "meter must be one of "
                    + ALL.stream().map(Meter::name).toList()
                    + ", not '"
                    + name
                    + "'"));
  }
}
