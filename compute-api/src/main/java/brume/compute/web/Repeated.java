package brume.compute.web;

import java.util.List;

/// The values of a query parameter that may be given several times, each as it came: Spring's own
/// lists would cut a value at its commas.
public record Repeated(List<String> values) {
  public static final Repeated NONE = new Repeated(List.of());

  public Repeated {
    values = List.copyOf(values);
  }
}
