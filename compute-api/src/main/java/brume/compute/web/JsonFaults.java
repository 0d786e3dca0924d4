package brume.compute.web;

import brume.compute.refusal.Fields;
import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/// Says in the client's words what is wrong with a JSON body: which field, or which line and
/// column.
final class JsonFaults {
  private JsonFaults() {}

  static Refusal refusal(JacksonException fault) {
    for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
      if (cause instanceof Refused refused) {
        return refused.refusal();
      }
    }
    return switch (fault) {
      case UnrecognizedPropertyException unknown -> unknownField(unknown);
      case MismatchedInputException wrong -> wrongType(wrong);
      case InputCoercionException number -> numberTooLarge(number);
      case StreamReadException malformed -> malformed(malformed);
      default -> new Refusal.Malformed("the body can not be read as JSON");
    };
  }

  private static Refusal unknownField(UnrecognizedPropertyException fault) {
    String field = Fields.shown(path(fault));
    Collection<Object> known = fault.getKnownPropertyIds();
    String hint =
        known == null || known.isEmpty()
            ? ""
            : ": known are " + String.join(", ", known.stream().map(Object::toString).toList());
    return new Refusal.Invalid("unknown_field", field, "there is no field '" + field + "'" + hint);
  }

  private static Refusal wrongType(MismatchedInputException fault) {
    if (String.valueOf(fault.getOriginalMessage()).startsWith("Trailing token")) {
      return new Refusal.Malformed("something follows the JSON object" + at(fault));
    }
    String field = Fields.shown(path(fault));
    String wanted = wanted(fault.getTargetType());
    if (field.isEmpty()) {
      return new Refusal.Invalid("wrong_type", null, "the body must be " + wanted + at(fault));
    }
    return new Refusal.Invalid("wrong_type", field, field + " must be " + wanted + at(fault));
  }

  private static Refusal numberTooLarge(InputCoercionException fault) {
    String field = Fields.shown(path(fault));
    String wanted = wanted(fault.getTargetType());
    return new Refusal.Invalid(
        "wrong_type", field.isEmpty() ? null : field, field + " must be " + wanted + at(fault));
  }

  private static Refusal malformed(StreamReadException fault) {
    String what = fault.getOriginalMessage();
    int end = what.indexOf('\n');
    String line = Fields.shown(end < 0 ? what : what.substring(0, end));
    return new Refusal.Malformed("the body is not JSON" + at(fault) + ": " + line);
  }

  private static String at(JacksonException fault) {
    TokenStreamLocation location = fault.getLocation();
    return location == null || location.getLineNr() < 1
        ? ""
        : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
  }

  private static String wanted(@Nullable Class<?> type) {
    if (type == null) {
      return "of another type";
    }
    if (type == String.class) {
      return "text";
    }
    if (type == Boolean.class || type == boolean.class) {
      return "true or false";
    }
    if (type == Integer.class || type == int.class) {
      return "a whole number from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE;
    }
    if (type == java.time.OffsetDateTime.class) {
      return "a time such as 2026-11-22T11:29:42Z";
    }
    return "an object";
  }

  private static String path(JacksonException fault) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference step : fault.getPath()) {
      if (step.getPropertyName() != null) {
        path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
      } else if (step.getIndex() >= 0) {
        path.append('[').append(step.getIndex()).append(']');
      }
    }
    return path.toString();
  }
}
