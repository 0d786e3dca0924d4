package brume.compute.table;

import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/// Reads one component of a record: made once, and then as quick as a call in the code, which
/// [java.lang.reflect.Method] is not where thousands are read at a time.
public interface Getter {
  @Nullable Object of(Record record);

  /// Also of a record that only its package sees.
  static Getter of(RecordComponent component) {
    Class<?> owner = component.getDeclaringRecord();
    try {
      MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(owner, MethodHandles.lookup());
      MethodHandle accessor = lookup.unreflect(component.getAccessor());
      MethodType erased = MethodType.methodType(Object.class, Record.class);
      return (Getter)
          LambdaMetafactory.metafactory(
                  lookup,
                  "of",
                  MethodType.methodType(Getter.class),
                  erased,
                  accessor,
                  accessor.type().wrap())
              .getTarget()
              .invoke();
    } catch (Throwable e) {
      throw new IllegalStateException(component + " of " + owner + " can not be read", e);
    }
  }
}
