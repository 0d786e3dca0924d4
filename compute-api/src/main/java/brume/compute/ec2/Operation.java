package brume.compute.ec2;

import brume.compute.access.Action;
import brume.compute.ec2.wire.InputShape;
import brume.compute.ec2.wire.Parameters;
import brume.compute.ec2.wire.Text;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// One action as the door calls it.
///
/// @param answer the shape of what it gives back
public record Operation(
    String name, Ec2Actions family, Method method, InputShape<?> input, Class<?> answer) {

  static List<Operation> of(Ec2Actions family) {
    return Arrays.stream(family.getClass().getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
        .filter(method ->
            method.getParameterCount() == 2 && method.getParameterTypes()[0] == Ec2Call.class)
        .map(method -> of(family, method))
        .toList();
  }

  private static Operation of(Ec2Actions family, Method method) {
    method.setAccessible(true);
    Class<? extends Record> request = method.getParameterTypes()[1].asSubclass(Record.class);
    return new Operation(
        Text.capitalized(method.getName()),
        family,
        method,
        InputShape.of(request),
        method.getReturnType());
  }

  /// What the gate and policies call it.
  public Action action() {
    return Action.of(name);
  }

  /// Whether it leaves everything as it is.
  public boolean onlyLooks() {
    return name.startsWith("Describe") || name.startsWith("Get");
  }

  /// Names and types of what it takes, with `n` for the number of an item.
  public Map<String, Class<?>> parameters() {
    return input.parameters();
  }

  Record read(Parameters parameters) {
    return input.read(parameters);
  }

  Record call(Ec2Call call, Record request) {
    try {
      return (Record) method.invoke(family, call, request);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(name + " failed", e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(name + " can not be called", e);
    }
  }
}
