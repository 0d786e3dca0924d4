package brume.cli.cloud;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;

/// JSON as the JDK's own values: maps in their order, lists, text, numbers, booleans and null.
/// Nesting and lengths are limited by the parser.
public final class Json {
  private static final JsonFactory FACTORY = JsonFactory.builder().build();

  private Json() {}

  /// Throws [IllegalArgumentException] where the text is not exactly one JSON value.
  public static @Nullable Object read(String text) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() == null) {
        throw new IllegalArgumentException("no JSON, but nothing");
      }
      Object value = value(parser);
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("more than one JSON value");
      }
      return value;
    } catch (StreamReadException e) {
      throw new IllegalArgumentException("no JSON", e);
    }
  }

  private static @Nullable Object value(JsonParser parser) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          object.put(name, value(parser));
        }
        yield object;
      }
      case START_ARRAY -> {
        List<@Nullable Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(parser));
        }
        yield array;
      }
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT -> parser.getNumberValue();
      case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case null, default -> throw new IllegalArgumentException("no JSON");
    };
  }

  /// On one line.
  public static String line(@Nullable Object value) {
    return write(value, ObjectWriteContext.empty());
  }

  /// Indented, for people.
  public static String pretty(@Nullable Object value) {
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
    return write(
        value,
        new ObjectWriteContext.Base() {
          @Override
          public DefaultPrettyPrinter getPrettyPrinter() {
            return printer;
          }
        });
  }

  private static String write(@Nullable Object value, ObjectWriteContext context) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(context, text)) {
      write(generator, value);
    }
    return text.toString();
  }

  private static void write(JsonGenerator generator, @Nullable Object value) {
    switch (value) {
      case null -> generator.writeNull();
      case Map<?, ?> object -> {
        generator.writeStartObject();
        object.forEach((name, field) -> {
          generator.writeName(String.valueOf(name));
          write(generator, field);
        });
        generator.writeEndObject();
      }
      case List<?> array -> {
        generator.writeStartArray();
        array.forEach(item -> write(generator, item));
        generator.writeEndArray();
      }
      case Boolean truth -> generator.writeBoolean(truth);
      case Number number -> generator.writeRawValue(number.toString());
      default -> generator.writeString(value.toString());
    }
  }

  /// An object with its fields in this order.
  ///
  /// @param fields names and values by turns
  public static Map<String, Object> object(Object... fields) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int at = 0; at + 1 < fields.length; at += 2) {
      object.put(fields[at].toString(), fields[at + 1]);
    }
    return object;
  }

  /// The value under a name, or under a path of names parted by dots; null where there is none.
  public static @Nullable Object at(@Nullable Object value, String path) {
    if (value instanceof Map<?, ?> object && object.containsKey(path)) {
      return object.get(path);
    }
    Object found = value;
    for (String name : path.split("\\.")) {
      if (!(found instanceof Map<?, ?> object)) {
        return null;
      }
      found = object.get(name);
    }
    return found;
  }

  /// The text under a path; empty where there is none.
  public static String text(@Nullable Object value, String path) {
    Object found = at(value, path);
    return found == null ? "" : found.toString();
  }

  /// The list under a name; empty where there is none.
  public static List<?> list(@Nullable Object value, String path) {
    return at(value, path) instanceof List<?> list ? list : List.of();
  }
}
