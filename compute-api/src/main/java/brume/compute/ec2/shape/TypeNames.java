package brume.compute.ec2.shape;

import brume.compute.image.InstanceType;
import brume.compute.image.InstanceTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/// EC2's own names of types, for clients that ask for `t3.micro` and mean something small: each is
/// this cloud's type of the same size. What is shown keeps the name, with this cloud's processors
/// and memory; what is metered and judged by policies is the type behind it.
@Component
public class TypeNames {
  private static final String FAMILY = "e1.";

  /// The families of EC2 that are for general use, for computing and for memory, with those of
  /// their sizes that are here.
  private static final TreeMap<String, String> NAMES = new TreeMap<>();

  static {
    """
    nano micro small medium large xlarge | t2 t3 t3a t4g
    micro                                | t1
    small medium large xlarge            | m1
    medium large xlarge                  | m3 a1 m6g m7g m8g c6g c7g c8g r6g r7g r8g c1
    xlarge                               | m2
    large xlarge                         | m4 m5 m5a m5n m6a m6i m7a m7i c3 c4 c5 c5a c5n c6a c6i
    large xlarge                         | c7a c7i r3 r4 r5 r5a r5n r6a r6i r7a r7i
    """
        .lines()
        .map(line -> line.split(" *\\| *"))
        .forEach(line -> {
          for (String family : line[1].strip().split(" ")) {
            for (String size : line[0].split(" ")) {
              NAMES.put(family + "." + size, FAMILY + size);
            }
          }
        });
  }

  private final InstanceTypes types;
  private final boolean isOn;

  TypeNames(InstanceTypes types, TypeSettings settings) {
    this.types = types;
    this.isOn = settings.types();
  }

  /// The name of this cloud's type; what is no name of EC2's is left as it is.
  public String ours(String name) {
    return isOn ? NAMES.getOrDefault(name, name) : name;
  }

  public Optional<InstanceType> find(String name) {
    return types.find(ours(name));
  }

  /// A type under one of its names.
  public record Named(String name, InstanceType type) {}

  /// This cloud's types, and then under EC2's names.
  public List<Named> all() {
    List<InstanceType> all = types.all();
    List<Named> named = new ArrayList<>();
    all.forEach(type -> named.add(new Named(type.name(), type)));
    if (isOn) {
      NAMES.forEach((name, ours) ->
          all.stream()
              .filter(type -> type.name().equals(ours))
              .forEach(type -> named.add(new Named(name, type))));
    }
    return named;
  }
}
