package brume.compute.ec2;

import brume.compute.access.Action;
import brume.compute.ec2.wire.InputShape;
import brume.compute.ec2.wire.Once;
import brume.compute.ec2.wire.Parameters;
import brume.compute.ec2.wire.Spread;
import brume.compute.ec2.wire.Text;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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

  /// Whether what it is about is there only afterwards.
  boolean makes() {
    return Stream.of("Create", "Copy", "Register", "Import", "Allocate").anyMatch(name::startsWith)
        && parameters().containsKey("TagSpecification.n.ResourceType");
  }

  /// Names and types of what it takes, with `n` for the number of an item.
  public Map<String, Class<?>> parameters() {
    return input.parameters();
  }

  /// The client's token under which the door keeps the answer; null for none.
  @Nullable String token(Record request) {
    for (RecordComponent component : request.getClass().getRecordComponents()) {
      if (component.isAnnotationPresent(Once.class)) {
        return (String) value(component, request);
      }
    }
    return null;
  }

  /// The ids of what it is done to: the first component that has any.
  List<String> subjects(Record request) {
    for (RecordComponent component : request.getClass().getRecordComponents()) {
      Object value = value(component, request);
      if (value instanceof Record part && component.isAnnotationPresent(Spread.class)) {
        List<String> inside = subjects(part);
        if (!inside.isEmpty()) {
          return inside;
        }
      } else if (component.getName().endsWith("Id")) {
        List<String> ids =
            value instanceof Collection<?> many
                ? many.stream().map(String::valueOf).toList()
                : value == null ? List.of() : List.of(String.valueOf(value));
        if (!ids.isEmpty()) {
          return ids;
        }
      }
    }
    return List.of();
  }

  /// What a component with this name says, for the door's own use; null where there is none.
  @Nullable Object named(Record request, String name) {
    return Arrays.stream(request.getClass().getRecordComponents())
        .filter(component -> component.getName().equals(name))
        .findFirst()
        .map(component -> value(component, request))
        .orElse(null);
  }

  private static @Nullable Object value(RecordComponent component, Record request) {
    try {
      Method accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(request);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(component + " can not be read", e);
    }
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
