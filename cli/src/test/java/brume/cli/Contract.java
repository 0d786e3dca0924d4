package brume.cli;

import brume.cli.cloud.Json;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The contract `openapi.yaml`: says whether a request is one of its operations, and makes answers
/// that it allows, with the fields that must be there.
final class Contract {
  /// An operation of the contract.
  record Entry(String method, String path, Operation operation, List<Parameter> parameters) {
    String id() {
      return operation.getOperationId();
    }
  }

  private static final OpenAPI API = parse();
  private static final List<Entry> ENTRIES = entries();

  private Contract() {}

  private static OpenAPI parse() {
    ParseOptions options = new ParseOptions();
    options.setResolve(true);
    try {
      String text =
          Files.readString(Path.of(System.getProperty("brume.repository"), "openapi.yaml"));
      return new OpenAPIV3Parser().readContents(text, null, options).getOpenAPI();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    API.getPaths()
        .forEach((path, item) ->
            item.readOperationsMap()
                .forEach((method, operation) ->
                    entries.add(new Entry(method.name(), path, operation, parameters(operation)))));
    return entries;
  }

  private static List<Parameter> parameters(Operation operation) {
    return Optional.ofNullable(operation.getParameters()).orElse(List.of()).stream()
        .map(given ->
            given.get$ref() == null
                ? given
                : API.getComponents().getParameters().get(last(given.get$ref())))
        .toList();
  }

  private static String last(String reference) {
    return reference.substring(reference.lastIndexOf('/') + 1);
  }

  static Entry named(String operationId) {
    return ENTRIES.stream()
        .filter(entry -> entry.id().equals(operationId))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no operation " + operationId));
  }

  /// The operation of a request; a path without parameters goes before one with.
  static Optional<Entry> find(String method, String path) {
    return ENTRIES.stream()
        .filter(entry -> entry.method().equals(method))
        .filter(entry -> path.matches(entry.path().replaceAll("\\{[a-zA-Z]+}", "[^/]+")))
        .min((a, b) -> Boolean.compare(a.path().contains("{"), b.path().contains("{")));
  }

  static List<?> values(String schema) {
    return API.getComponents().getSchemas().get(schema).getEnum();
  }

  /// What is wrong with a request; nothing where it keeps to the contract.
  static List<String> faults(
      Entry entry, Map<String, List<String>> query, Map<String, String> headers, String body) {
    List<String> faults = new ArrayList<>();
    query.forEach((name, values) -> {
      Optional<Schema<?>> schema = schema(entry, "query", name);
      if (schema.isEmpty()) {
        faults.add(entry.id() + " has no parameter " + name);
      }
      schema.ifPresent(known -> values.forEach(value -> text(known, value, name, faults)));
    });
    for (String header : List.of("Idempotency-Key", "If-Match", "Last-Event-ID")) {
      if (headers.containsKey(header) && schema(entry, "header", header).isEmpty()) {
        faults.add(entry.id() + " has no header " + header);
      }
    }
    if (entry.method().equals("POST") && !headers.containsKey("Idempotency-Key")) {
      faults.add(entry.id() + " was sent without an Idempotency-Key");
    }
    var wanted = entry.operation().getRequestBody();
    if (!body.isEmpty() && wanted == null) {
      faults.add(entry.id() + " takes no body");
    } else if (!body.isEmpty()) {
      Schema<?> schema = wanted.getContent().get("application/json").getSchema();
      check(schema, Json.read(body), "body", faults);
    } else if (wanted != null && Boolean.TRUE.equals(wanted.getRequired())) {
      faults.add(entry.id() + " needs a body");
    }
    return faults;
  }

  private static Optional<Schema<?>> schema(Entry entry, String in, String name) {
    return entry.parameters().stream()
        .filter(known -> known.getIn().equals(in) && known.getName().equals(name))
        .<Schema<?>>map(Parameter::getSchema)
        .findFirst();
  }

  private static Schema<?> resolved(Schema<?> given) {
    return given.get$ref() == null
        ? given
        : API.getComponents().getSchemas().get(last(given.get$ref()));
  }

  private static void text(Schema<?> given, String value, String at, List<String> faults) {
    Schema<?> schema = resolved(given);
    switch (schema.getType()) {
      case "array" -> text(schema.getItems(), value, at, faults);
      case "boolean" -> check(schema, Boolean.valueOf(value), at, faults);
      case "integer" -> {
        if (!value.matches("-?[0-9]+")) {
          faults.add(at + " must be a number, not " + value);
        }
      }
      default -> check(schema, value, at, faults);
    }
  }

  /// Adds what of a value the schema does not allow.
  static void check(Schema<?> given, Object value, String at, List<String> faults) {
    Schema<?> schema = resolved(given);
    boolean fits =
        switch (schema.getType()) {
          case "object" -> value instanceof Map;
          case "array" -> value instanceof List;
          case "boolean" -> value instanceof Boolean;
          case "integer", "number" -> value instanceof Number;
          default -> value instanceof String;
        };
    if (!fits) {
      faults.add(at + " must be of type " + schema.getType() + ", not " + value);
      return;
    }
    if (value instanceof Map<?, ?> object) {
      for (Map.Entry<?, ?> each : object.entrySet()) {
        Object name = each.getKey();
        Object field = each.getValue();
        Object known =
            schema.getProperties() != null && schema.getProperties().containsKey(name)
                ? schema.getProperties().get(name)
                : schema.getAdditionalProperties();
        if (known instanceof Schema<?> fieldSchema) {
          check(fieldSchema, field, at + "." + name, faults);
        } else {
          faults.add(at + "." + name + " is not in the contract");
        }
      }
      required(schema).stream()
          .filter(name -> !object.containsKey(name))
          .forEach(name -> faults.add(at + "." + name + " is missing"));
    } else if (value instanceof List<?> list) {
      list.forEach(item -> check(schema.getItems(), item, at + "[]", faults));
    } else if (value instanceof String text) {
      boolean inPattern =
          schema.getPattern() == null || Pattern.compile(schema.getPattern()).matcher(text).find();
      boolean inWords =
          schema.getEnum() == null || List.<Object>copyOf(schema.getEnum()).contains(text);
      if (!inPattern || !inWords) {
        faults.add(at + " can not be '" + text + "'");
      }
    } else if (value instanceof Number number) {
      BigDecimal size = new BigDecimal(number.toString());
      if ((schema.getMinimum() != null && size.compareTo(schema.getMinimum()) < 0)
          || (schema.getMaximum() != null && size.compareTo(schema.getMaximum()) > 0)) {
        faults.add(at + " can not be " + number);
      }
    }
  }

  private static List<String> required(Schema<?> schema) {
    return Optional.ofNullable(schema.getRequired()).orElse(List.of());
  }

  /// A body that the operation may answer with success; none where it has none.
  static Optional<Object> answer(Entry entry) {
    return success(entry).map(Contract::made);
  }

  static int status(Entry entry) {
    return entry.operation().getResponses().keySet().stream()
        .filter(status -> status.matches("2[0-9]{2}"))
        .mapToInt(Integer::parseInt)
        .findFirst()
        .orElseThrow();
  }

  private static Optional<Schema<?>> success(Entry entry) {
    ApiResponse given = entry.operation().getResponses().get(Integer.toString(status(entry)));
    ApiResponse response =
        given.get$ref() == null
            ? given
            : API.getComponents().getResponses().get(last(given.get$ref()));
    return Optional.ofNullable(response.getContent())
        .map(content -> content.get("application/json"))
        .<Schema<?>>map(MediaType::getSchema);
  }

  /// One of `schema`, with what must be there.
  static Object made(String schema) {
    return made(API.getComponents().getSchemas().get(schema));
  }

  private static Object made(Schema<?> given) {
    Schema<?> schema = resolved(given);
    return switch (schema.getType()) {
      case "object" -> {
        Map<String, Object> object = new LinkedHashMap<>();
        for (String name : required(schema)) {
          object.put(name, made((Schema<?>) schema.getProperties().get(name)));
        }
        yield object;
      }
      case "array" -> List.of(made(schema.getItems()));
      case "boolean" -> false;
      case "integer", "number" ->
          schema.getMinimum() == null ? 1L : (Object) schema.getMinimum().longValue();
      default -> {
        if (schema.getEnum() != null) {
          yield schema.getEnum().getFirst();
        }
        if ("date-time".equals(schema.getFormat())) {
          yield "2026-10-01T08:00:00Z";
        }
        yield schema.getPattern() == null ? "text" : matching(schema.getPattern());
      }
    };
  }

  /// A text that fits a pattern of the simple kind that the contract has.
  private static String matching(String pattern) {
    StringBuilder text = new StringBuilder();
    var parts = Pattern.compile("\\[([^]]+)](?:\\{(\\d+)[^}]*}|([+*]))?|\\(.*\\)\\S*|([^\\[(]+)");
    var matcher = parts.matcher(pattern.replaceAll("^\\^-?\\??|\\$$", ""));
    while (matcher.find()) {
      if (matcher.group(1) != null) {
        String first = matcher.group(1).substring(0, 1);
        int times = matcher.group(2) == null ? 1 : Math.max(1, Integer.parseInt(matcher.group(2)));
        text.append(first.repeat(times));
      } else if (matcher.group(4) != null) {
        text.append(matcher.group(4).replace("\\", "").replace("+", ""));
      } else if (matcher.group().startsWith("(tok-")) {
        text.append("tok-00000000000000000");
      }
    }
    if (!Pattern.compile(pattern).matcher(text).find()) {
      throw new AssertionError("nothing was found that fits " + pattern + ", only " + text);
    }
    return text.toString();
  }
}
