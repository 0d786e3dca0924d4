package brume.compute.table;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Records of many components of which few matter at a time: made of those that are named, the
/// others null, or copied with some of them changed. A name that is no component is a mistake in
/// the code, and thrown as one.
public final class Parts {
  private Parts() {}

  /// A record of which one component is given beside its first.
  public static <R extends Record> R of(
      Class<R> type, Object first, String name, @Nullable Object value) {
    Map<String, @Nullable Object> parts = new HashMap<>();
    parts.put(type.getRecordComponents()[0].getName(), first);
    parts.put(name, value);
    return make(type, parts);
  }

  /// A copy with one component changed.
  public static <R extends Record> R with(R record, String name, @Nullable Object value) {
    Map<String, @Nullable Object> parts = new HashMap<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      parts.put(component.getName(), get(component, record));
    }
    if (!parts.containsKey(name)) {
      throw new IllegalArgumentException(record.getClass() + " has no component " + name);
    }
    parts.put(name, value);
    @SuppressWarnings("unchecked") // a record's class is that of the record
    Class<R> type = (Class<R>) record.getClass();
    return make(type, parts);
  }

  private static <R extends Record> R make(Class<R> type, Map<String, @Nullable Object> parts) {
    RecordComponent[] components = type.getRecordComponents();
    List<String> names = Arrays.stream(components).map(RecordComponent::getName).toList();
    if (!names.containsAll(parts.keySet())) {
      throw new IllegalArgumentException(type + " has not all of " + parts.keySet());
    }
    try {
      Constructor<R> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return constructor.newInstance(names.stream().map(parts::get).toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(type + " can not be made", e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("every record has its constructor", e);
    }
  }

  private static @Nullable Object get(RecordComponent component, Record record) {
    try {
      Method accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(record);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(component + " can not be read", e);
    }
  }
}
