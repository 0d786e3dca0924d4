package brume.compute.ec2;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/// All actions of the door, by name.
@Component
public class Operations {
  private final Map<String, Operation> operations = new TreeMap<>();

  Operations(List<Ec2Actions> families) {
    for (Ec2Actions family : families) {
      for (Operation operation : Operation.of(family)) {
        if (operations.put(operation.name(), operation) != null) {
          throw new IllegalStateException("two families have the action " + operation.name());
        }
      }
    }
  }

  public Optional<Operation> find(String name) {
    return Optional.ofNullable(operations.get(name));
  }

  public List<Operation> all() {
    return List.copyOf(operations.values());
  }
}
