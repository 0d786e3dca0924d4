package brume.compute.access;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Says on each operation of `/v1` which [Action] it is, and so what right it needs. One without it
/// is a bug that the first request shows: there is no default.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Needs {
  /// The action's name.
  String value();
}
