package brume.billing.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;

/// The schemas of `openapi.yaml`, held against an answer in both directions: what is required is
/// there, and what is there is declared.
final class Contract {
  private final Map<String, ?> document;

  private Contract(Map<String, ?> document) {
    this.document = document;
  }

  static Contract load() {
    Path file = Path.of(System.getProperty("brume.repository"), "openapi.yaml");
    try {
      return new Contract(
          new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file)));
    } catch (IOException e) {
      throw new IllegalStateException(file + " can not be read", e);
    }
  }

  /// Where the answer departs from the schema, empty when it does not.
  List<String> faults(String schema, JsonNode answer) {
    List<String> faults = new ArrayList<>();
    check(map(map(document, "components"), "schemas").get(schema), answer, schema, faults);
    return faults;
  }

  /// An operation that billing answers, and what it says when all is well.
  record Operation(String method, String path, String right, Map<String, ?> answer) {}

  List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    map(document, "paths")
        .forEach((path, item) ->
            cast(item)
                .forEach((method, operation) -> {
                  if (cast(operation).get("tags") instanceof List<?> tags
                      && tags.contains("Billing")) {
                    Map<String, ?> responses = map(cast(operation), "responses");
                    operations.add(
                        new Operation(
                            method.toUpperCase(Locale.ROOT),
                            path,
                            String.valueOf(cast(operation).get("x-needs")),
                            cast(responses.entrySet().iterator().next().getValue())));
                  }
                }));
    return operations;
  }

  /// Where the examples of an operation depart from its own schema.
  List<String> exampleFaults(Operation operation, Function<Object, JsonNode> json) {
    List<String> faults = new ArrayList<>();
    if (!operation.answer().containsKey("content")) {
      return faults; // 204
    }
    map(operation.answer(), "content")
        .forEach((type, media) -> {
          if (cast(media).get("examples") instanceof Map<?, ?> examples) {
            examples.forEach((name, example) ->
                check(
                    Objects.requireNonNull(cast(media).get("schema")),
                    json.apply(Objects.requireNonNull(cast(example).get("value"))),
                    operation.path() + " " + name,
                    faults));
          } else if (type.equals("application/json")) {
            faults.add(operation + " has no example");
          }
        });
    return faults;
  }

  private void check(Object schema, JsonNode node, String at, List<String> faults) {
    Map<String, ?> rules = resolved(schema);
    switch (String.valueOf(rules.get("type"))) {
      case "object" -> object(rules, node, at, faults);
      case "array" -> {
        fault(node.isArray(), at + " must be a list", faults);
        for (int i = 0; i < node.size(); i++) {
          check(rules.get("items"), node.get(i), at + "[" + i + "]", faults);
        }
      }
      case "string" -> string(rules, node, at, faults);
      case "boolean" -> fault(node.isBoolean(), at + " must be true or false", faults);
      case "integer" -> {
        fault(node.isIntegralNumber(), at + " must be a whole number", faults);
        if (rules.get("minimum") instanceof Number least) {
          fault(node.asLong() >= least.longValue(), at + " is below " + least, faults);
        }
      }
      default -> faults.add(at + " has a type that this test does not know: " + rules.get("type"));
    }
  }

  private void object(Map<String, ?> rules, JsonNode node, String at, List<String> faults) {
    fault(node.isObject(), at + " must be an object", faults);
    Map<String, ?> properties = map(rules, "properties");
    for (String name : node.propertyNames()) {
      if (properties.containsKey(name)) {
        check(properties.get(name), node.get(name), at + "." + name, faults);
      } else {
        faults.add(at + "." + name + " is not declared");
      }
    }
    if (rules.get("required") instanceof List<?> required) {
      required.forEach(
          name -> fault(node.has(String.valueOf(name)), at + "." + name + " is missing", faults));
    }
  }

  private static void string(Map<String, ?> rules, JsonNode node, String at, List<String> faults) {
    fault(node.isString(), at + " must be text", faults);
    String value = node.asString();
    if (rules.get("pattern") instanceof String pattern) {
      fault(value.matches(pattern), at + " '" + value + "' must match " + pattern, faults);
    }
    if (rules.get("enum") instanceof List<?> values) {
      fault(values.contains(value), at + " '" + value + "' must be one of " + values, faults);
    }
    if ("date-time".equals(rules.get("format"))) {
      try {
        fault(value.endsWith("Z") && !Instant.parse(value).equals(Instant.MIN), at, faults);
      } catch (DateTimeParseException e) {
        faults.add(at + " '" + value + "' must be a time in UTC");
      }
    }
  }

  private Map<String, ?> resolved(Object schema) {
    Map<String, ?> rules = cast(schema);
    if (rules.get("$ref") instanceof String reference) {
      Map<String, ?> found = document;
      for (String step : reference.substring("#/".length()).split("/")) {
        found = map(found, step);
      }
      return found;
    }
    return rules;
  }

  private static void fault(boolean holds, String message, List<String> faults) {
    if (!holds) {
      faults.add(message);
    }
  }

  private static Map<String, ?> map(Map<String, ?> of, String key) {
    return cast(Objects.requireNonNull(of.get(key), key));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, ?> cast(Object value) {
    return (Map<String, ?>) value;
  }
}
