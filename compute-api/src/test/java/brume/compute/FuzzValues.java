package brume.compute;

import io.swagger.v3.oas.models.media.Schema;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Values for a schema: most fit, some are bent.
final class FuzzValues {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final List<String> WORDS =
      List.of(
          "",
          " ",
          "a",
          "debian-micro",
          "e1.nano",
          "running",
          "operator",
          "NoSuchAction",
          "0",
          "-1",
          "99999999999999999999",
          "1e400",
          "true",
          "null",
          "2026-11-22T11:29:42Z",
          "2026-02-30T00:00:00Z",
          "+999999999-12-31T23:59:59Z",
          "' OR 1=1 --",
          "\"; DROP TABLE x; --",
          "../../etc/passwd",
          "%00",
          "{}",
          "[]",
          "<b>",
          "é",
          "漢字",
          "\uD83D\uDE00",
          "\u202Etxt",
          "a\tb",
          "line\nline",
          "\u0000",
          "x".repeat(300),
          "x".repeat(20_000));

  private final Random random;
  private final Map<String, List<String>> known = new HashMap<>();

  FuzzValues(Random random) {
    this.random = random;
  }

  void know(String parameter, String value) {
    known.computeIfAbsent(parameter, name -> new ArrayList<>()).add(value);
  }

  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  String word() {
    return WORDS.get(random.nextInt(WORDS.size()));
  }

  /// Of a path: short, as a longer one is cut off by the server before it is ours.
  String path(String name, Schema<?> schema) {
    List<String> values = known.getOrDefault(name, List.of());
    if (!values.isEmpty() && !oneIn(4)) {
      return values.get(random.nextInt(values.size()));
    }
    String text = text(schema);
    boolean strange =
        text.isBlank() || text.length() > 300 || text.matches("(?s).*[/\\\\\u0000;%.].*");
    return strange ? "x" : text;
  }

  String header() {
    String text = word();
    return text.length() < 300 && text.matches("[!-~]+") ? text : "\"" + random.nextInt(4) + "\"";
  }

  String text(Schema<?> schema) {
    JsonNode value = oneIn(4) ? JSON.stringNode(word()) : fit(Contract.resolved(schema), 0);
    String text = value.isString() ? value.asString() : value.toString();
    return text.length() > 2000 ? text.substring(0, 2000) : text;
  }

  String garbage() {
    return switch (random.nextInt(6)) {
      case 0 -> "";
      case 1 -> "{";
      case 2 -> "[1,2]";
      case 3 -> "{\"a\":1}{\"b\":2}";
      case 4 -> "{\"name\":1,\"name\":2}";
      default -> "[".repeat(3000);
    };
  }

  String json(Schema<?> schema) {
    JsonNode value = fit(Contract.resolved(schema), 0);
    if (value instanceof ObjectNode object && oneIn(2)) {
      bend(object);
    }
    return value.toString();
  }

  private void bend(ObjectNode object) {
    List<String> names = new ArrayList<>(object.propertyNames());
    if (names.isEmpty() || oneIn(8)) {
      object.set("unknown" + random.nextInt(3), wrong());
      return;
    }
    String name = names.get(random.nextInt(names.size()));
    if (oneIn(5)) {
      object.remove(name);
    } else {
      object.set(name, wrong());
    }
  }

  private JsonNode wrong() {
    return switch (random.nextInt(9)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.booleanNode(random.nextBoolean());
      case 2 -> JSON.numberNode(random.nextInt());
      case 3 -> JSON.numberNode(new BigDecimal("1e30"));
      case 4 -> JSON.numberNode(0.5);
      case 5 -> JSON.arrayNode().add(JSON.nullNode()).add(word());
      case 6 -> JSON.objectNode().put(word(), word());
      default -> JSON.stringNode(word());
    };
  }

  private JsonNode fit(Schema<?> schema, int depth) {
    return switch (schema.getType()) {
      case "object" -> object(schema, depth);
      case "array" -> {
        var array = JSON.arrayNode();
        int size = random.nextInt(3);
        for (int i = 0; i < size && depth < 5; i++) {
          array.add(fit(Contract.resolved(schema.getItems()), depth + 1));
        }
        yield array;
      }
      case "boolean" -> JSON.booleanNode(random.nextBoolean());
      case "integer", "number" -> {
        long least = schema.getMinimum() == null ? 0 : schema.getMinimum().longValue();
        yield JSON.numberNode(least + random.nextInt(4));
      }
      default -> string(schema);
    };
  }

  private JsonNode object(Schema<?> schema, int depth) {
    ObjectNode object = JSON.objectNode();
    if (schema.getProperties() != null && depth < 5) {
      schema
          .getProperties()
          .forEach((name, property) -> {
            boolean required = schema.getRequired() != null && schema.getRequired().contains(name);
            // An account that is made to ask seldom would refuse all that follows.
            boolean rate = name.equals("requestsPerSecondMax");
            if (!rate && (required || oneIn(3))) {
              object.set(name, fit(Contract.resolved(property), depth + 1));
            }
          });
    }
    if (schema.getAdditionalProperties() instanceof Schema<?> any && oneIn(2)) {
      object.set("k" + random.nextInt(3), fit(Contract.resolved(any), depth + 1));
    }
    return object;
  }

  private JsonNode string(Schema<?> schema) {
    if (schema.getEnum() != null) {
      return JSON.stringNode(
          String.valueOf(schema.getEnum().get(random.nextInt(schema.getEnum().size()))));
    }
    if ("date-time".equals(schema.getFormat())) {
      return JSON.stringNode(oneIn(2) ? "2026-11-22T11:29:42Z" : "2999-01-01T00:00:00+01:00");
    }
    String pattern = schema.getPattern() == null ? "" : schema.getPattern();
    if (pattern.startsWith("^[A-Za-z0-9*?]")) {
      return JSON.stringNode("NoSuchAction" + random.nextInt(3) + "*");
    }
    if (pattern.contains("[0-9a-f]{17}")) {
      String prefix = pattern.substring(1, pattern.indexOf('-') + 1).replaceAll("[^a-z-]", "");
      return JSON.stringNode(prefix + "0".repeat(15) + "a" + random.nextInt(8));
    }
    if (pattern.contains("\\.")) {
      return JSON.stringNode(oneIn(3) ? "e1.micro" : "e1.nano");
    }
    return JSON.stringNode(
        switch (random.nextInt(4)) {
          case 0 -> "debian-micro";
          case 1 -> "a" + random.nextInt(1000);
          case 2 -> word();
          default -> "z";
        });
  }
}
