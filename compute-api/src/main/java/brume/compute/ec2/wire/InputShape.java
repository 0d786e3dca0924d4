package brume.compute.ec2.wire;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How a record is read from query parameters, worked out once when the service starts. A component
/// `userData` is the parameter `UserData`, a list has numbers for its items, a record has dots for
/// its components. What no component takes is refused by name. An empty text is none: some SDKs
/// send a parameter for whatever their caller left empty. Items of lists are kept as they are.
public final class InputShape<T extends Record> {
  static final int ITEMS_MAX = 1_000;

  /// What an empty text says something for: an attribute is set to it, a device is left out, a tag
  /// must not be called so.
  private static final Set<String> EMPTY_COUNTS = Set.of("Value", "Key", "NoDevice");

  private static final Pattern INDEX = Pattern.compile("[1-9][0-9]{0,4}");

  private final Class<T> type;
  private final MethodHandle constructor;
  private final List<Field> fields;
  private final Set<String> names;
  private final Set<String> notHere;

  private record Field(String name, Kind kind, boolean required) {}

  private sealed interface Kind {
    record Scalar(Class<?> type) implements Kind {}

    record Items(Kind item) implements Kind {}

    record Structure(InputShape<?> shape) implements Kind {}

    /// A record whose components stand where it stands.
    record Spread(InputShape<?> shape) implements Kind {}
  }

  private InputShape(Class<T> type) {
    this.type = type;
    try {
      RecordComponent[] components = type.getRecordComponents();
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      Constructor<T> found = type.getDeclaredConstructor(types);
      found.setAccessible(true);
      constructor = MethodHandles.lookup().unreflectConstructor(found);
      fields = Arrays.stream(components).map(InputShape::field).toList();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " is no shape", e);
    }
    NotHere absent = type.getAnnotation(NotHere.class);
    notHere = absent == null ? Set.of() : Set.of(absent.value());
    names = new TreeSet<>();
    for (Field field : fields) {
      if (field.kind() instanceof Kind.Spread spread) {
        names.addAll(spread.shape().names);
      } else {
        names.add(field.name());
      }
    }
  }

  public static <T extends Record> InputShape<T> of(Class<T> type) {
    return new InputShape<>(type);
  }

  private static Field field(RecordComponent component) {
    WireName name = component.getAnnotation(WireName.class);
    return new Field(
        name == null ? Text.capitalized(component.getName()) : name.value(),
        component.isAnnotationPresent(Spread.class)
            ? new Kind.Spread(new InputShape<>(component.getType().asSubclass(Record.class)))
            : kind(component.getGenericType()),
        component.isAnnotationPresent(Required.class));
  }

  private static Kind kind(Type type) {
    if (type instanceof ParameterizedType list) {
      return new Kind.Items(kind(list.getActualTypeArguments()[0]));
    }
    Class<?> plain = (Class<?>) type;
    return plain.isRecord()
        ? new Kind.Structure(new InputShape<>(plain.asSubclass(Record.class)))
        : new Kind.Scalar(plain);
  }

  /// The names of all parameters, with `n` for the number of an item, for documents and for
  /// fuzzing.
  public Map<String, Class<?>> parameters() {
    Map<String, Class<?>> all = new TreeMap<>();
    for (Field field : fields) {
      collect(all, field.name(), field.kind());
    }
    return all;
  }

  private static void collect(Map<String, Class<?>> all, String name, Kind kind) {
    switch (kind) {
      case Kind.Scalar scalar -> all.put(name, scalar.type());
      case Kind.Items items -> collect(all, name + ".n", items.item());
      case Kind.Structure structure ->
          structure
              .shape()
              .parameters()
              .forEach((below, type) -> all.put(name + "." + below, type));
      case Kind.Spread spread -> all.putAll(spread.shape().parameters());
    }
  }

  /// Throws [Ec2Fault] for what is unknown, missing or of another type.
  public T read(Parameters parameters) {
    return read(parameters.tree(), "");
  }

  private T read(Parameters.Node node, String path) {
    for (Map.Entry<String, Parameters.Node> child : node.children.entrySet()) {
      if (!names.contains(child.getKey())) {
        String name = first(path + child.getKey(), child.getValue());
        throw isNotHere(child.getKey())
            ? Ec2Fault.unsupported(
                "The parameter "
                    + Text.shown(name)
                    + " is not supported by this cloud: leave it out")
            : Parameters.unknown(name);
      }
    }
    return known(node, path);
  }

  private boolean isNotHere(String name) {
    return notHere.contains(name)
        || fields.stream()
            .anyMatch(field ->
                field.kind() instanceof Kind.Spread spread && spread.shape().isNotHere(name));
  }

  private T known(Parameters.Node node, String path) {
    List<@Nullable Object> values = new ArrayList<>();
    for (Field field : fields) {
      if (field.kind() instanceof Kind.Spread spread) {
        values.add(spread.shape().known(node, path));
        continue;
      }
      Parameters.Node child = node.children.get(field.name());
      Object value =
          child == null ? absent(field.kind()) : value(field.kind(), child, path + field.name());
      if ("".equals(value) && !EMPTY_COUNTS.contains(field.name())) {
        value = null;
      }
      if (field.required() && (value == null || value.equals("") || value.equals(List.of()))) {
        throw Ec2Fault.missing(path + field.name());
      }
      values.add(value);
    }
    try {
      return type.cast(constructor.invokeWithArguments(values));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(type + " can not be made", e);
    }
  }

  private static @Nullable Object absent(Kind kind) {
    return kind instanceof Kind.Items ? List.of() : null;
  }

  /// The full name of a parameter at or below a place that should not be there.
  private static String first(String path, Parameters.Node node) {
    if (node.value != null || node.children.isEmpty()) {
      return path;
    }
    Map.Entry<String, Parameters.Node> child = node.children.entrySet().iterator().next();
    return first(path + "." + child.getKey(), child.getValue());
  }

  private static @Nullable Object value(Kind kind, Parameters.Node node, String path) {
    return switch (kind) {
      case Kind.Scalar scalar -> {
        if (!node.children.isEmpty()) {
          throw Parameters.unknown(first(path, childrenOnly(node)));
        }
        yield scalar(scalar.type(), path, node.value == null ? "" : node.value);
      }
      case Kind.Items items -> items(items, node, path);
      case Kind.Structure structure -> {
        if (node.value != null && !node.value.isEmpty()) {
          throw Parameters.unknown(path);
        }
        yield structure.shape().read(node, path + ".");
      }
      case Kind.Spread spread -> spread.shape().known(node, path);
    };
  }

  private static Parameters.Node childrenOnly(Parameters.Node node) {
    Parameters.Node only = new Parameters.Node();
    only.children.putAll(node.children);
    return only;
  }

  private static List<Object> items(Kind.Items kind, Parameters.Node node, String path) {
    if (node.value != null && !node.value.isEmpty()) {
      throw Parameters.unknown(path);
    }
    Map<Integer, Parameters.Node> byIndex = new TreeMap<>();
    node.children.forEach((index, child) -> {
      if (!INDEX.matcher(index).matches()) {
        throw Parameters.unknown(first(path + "." + index, child));
      }
      byIndex.put(Integer.valueOf(index), child);
    });
    if (byIndex.size() > ITEMS_MAX) {
      throw Ec2Fault.value(
          path, byIndex.size() + " items", "A list may have at most " + ITEMS_MAX + " items.");
    }
    List<Object> items = new ArrayList<>();
    byIndex.forEach((index, child) -> {
      Object item = value(kind.item(), child, path + "." + index);
      if (item != null) {
        items.add(item);
      }
    });
    return List.copyOf(items);
  }

  private static @Nullable Object scalar(Class<?> type, String path, String text) {
    if (type == String.class) {
      return checked(path, text);
    }
    if (text.isEmpty()) {
      return null;
    }
    try {
      if (type == Integer.class) {
        return Integer.valueOf(text);
      }
      if (type == Long.class) {
        return Long.valueOf(text);
      }
    } catch (NumberFormatException e) {
      throw Ec2Fault.value(path, text, "Parameter must be an integer.");
    }
    if (type == Boolean.class) {
      return switch (text) {
        case "true", "True", "TRUE", "1" -> true;
        case "false", "False", "FALSE", "0" -> false;
        default -> throw Ec2Fault.value(path, text, "Parameter must be true or false.");
      };
    }
    if (type == Instant.class) {
      try {
        return Instant.parse(text);
      } catch (DateTimeParseException e) {
        throw Ec2Fault.value(path, text, "Parameter must be a time such as 2026-11-22T11:29:42Z.");
      }
    }
    throw new IllegalStateException("no way to read " + type);
  }

  /// No control characters but those of texts: they can't be written as XML again.
  private static String checked(String path, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < ' ' && c != '\n' && c != '\r' && c != '\t') || c >= '\uFFFE') {
        throw Ec2Fault.value(path, text, "Parameter must not contain control characters.");
      }
    }
    return text;
  }
}
