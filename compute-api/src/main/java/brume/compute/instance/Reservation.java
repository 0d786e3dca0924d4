package brume.compute.instance;

import java.util.List;

/// The instances of one request, in the order of their launch index.
public record Reservation(String reservationId, List<InstanceView> instances) {
  public Reservation {
    instances = List.copyOf(instances);
  }
}
