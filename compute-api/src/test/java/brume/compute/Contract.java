package brume.compute;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// The contract `openapi.yaml`, read once, and the check of an answer against it: every answer that
/// any test gets is checked, and a field that the contract does not name is a fault.
final class Contract {
  /// An operation of the contract.
  record Entry(String method, String path, Operation operation, Pattern pattern) {
    String name() {
      return method + " " + path;
    }

    /// Whether another service answers: billing's operations are forwarded, and tested there.
    boolean isForwarded() {
      return operation.getTags().contains("Billing");
    }

    String action() {
      return String.valueOf(operation.getExtensions().get("x-action"));
    }

    String right() {
      return String.valueOf(operation.getExtensions().get("x-needs"));
    }

    List<Parameter> parameters(String in) {
      List<Parameter> all = operation.getParameters();
      return all == null ? List.of() : all.stream().filter(p -> p.getIn().equals(in)).toList();
    }
  }

  private static final OpenAPI API = parse();
  static final List<Entry> ENTRIES = entries();

  private Contract() {}

  private static OpenAPI parse() {
    ParseOptions options = new ParseOptions();
    options.setResolve(true);
    Path file = Path.of(System.getProperty("brume.repository"), "openapi.yaml");
    try {
      SwaggerParseResult result =
          new OpenAPIV3Parser().readContents(Files.readString(file), null, options);
      if (!result.getMessages().isEmpty()) {
        throw new AssertionError(result.getMessages().toString());
      }
      return result.getOpenAPI();
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
                    entries.add(
                        new Entry(method.name(), path, resolved(operation), pattern(path)))));
    return entries;
  }

  private static Operation resolved(Operation operation) {
    if (operation.getParameters() != null) {
      operation.setParameters(
          operation.getParameters().stream()
              .map(p ->
                  p.get$ref() == null
                      ? p
                      : API.getComponents().getParameters().get(last(p.get$ref())))
              .collect(Collectors.toList()));
    }
    return operation;
  }

  private static Pattern pattern(String path) {
    return Pattern.compile(path.replaceAll("\\{[a-zA-Z]+}", "[^/]+"));
  }

  static Optional<Entry> find(PathItem.HttpMethod method, String path) {
    return ENTRIES.stream()
        .filter(e -> e.method().equals(method.name()) && e.pattern().matcher(path).matches())
        .findFirst();
  }

  static Entry named(String operationId) {
    return ENTRIES.stream()
        .filter(e -> e.operation().getOperationId().equals(operationId))
        .findFirst()
        .orElseThrow();
  }

  static ApiResponse response(Entry entry, int status) {
    Map<String, ApiResponse> responses = entry.operation().getResponses();
    ApiResponse response = responses.get(Integer.toString(status));
    if (response == null) {
      response = responses.get(status / 100 + "XX");
    }
    if (response == null) {
      if (status < 400) {
        throw new AssertionError(entry.name() + " has no answer " + status + " in the contract");
      }
      response = responses.get("default");
    }
    return response.get$ref() == null
        ? response
        : API.getComponents().getResponses().get(last(response.get$ref()));
  }

  static void check(PathItem.HttpMethod method, String path, int status, String type, String body) {
    Optional<Entry> entry = find(method, path);
    if (entry.isEmpty()) {
      if (status >= 400) {
        check(API.getComponents().getSchemas().get("Problem"), TestCloud.JSON.readTree(body), "$");
      }
      return;
    }
    Map<String, MediaType> content = response(entry.get(), status).getContent();
    if (content == null || content.isEmpty()) {
      if (!body.isEmpty()) {
        throw new AssertionError(entry.get().name() + " " + status + " must have no body");
      }
      return;
    }
    MediaType media = content.get(type.replaceAll(";.*", ""));
    if (media == null) {
      throw new AssertionError(entry.get().name() + " " + status + " answers '" + type + "'");
    }
    if (type.contains("json") && !type.contains("ndjson")) {
      check(media.getSchema(), TestCloud.JSON.readTree(body), "$");
    }
  }

  /// A schema, looked up where it is only named.
  static Schema<?> resolved(Schema<?> given) {
    return given.get$ref() == null
        ? given
        : API.getComponents().getSchemas().get(last(given.get$ref()));
  }

  /// Throws where `value` is not what `schema` says.
  static void check(Schema<?> given, JsonNode value, String at) {
    Schema<?> schema = resolved(given);
    String type = schema.getType();
    switch (type) {
      case "object" -> object(schema, value, at);
      case "array" -> {
        require(value.isArray(), at, "must be an array", value);
        limits(schema.getMinItems(), schema.getMaxItems(), value.size(), at + " items");
        for (int i = 0; i < value.size(); i++) {
          check(schema.getItems(), value.get(i), at + "[" + i + "]");
        }
      }
      case "string" -> string(schema, value, at);
      case "boolean" -> require(value.isBoolean(), at, "must be true or false", value);
      case "integer", "number" -> {
        require(
            type.equals("number") ? value.isNumber() : value.isIntegralNumber(),
            at,
            "must be a " + type,
            value);
        require(
            schema.getMinimum() == null || value.decimalValue().compareTo(schema.getMinimum()) >= 0,
            at,
            "is too small",
            value);
        require(
            schema.getMaximum() == null || value.decimalValue().compareTo(schema.getMaximum()) <= 0,
            at,
            "is too large",
            value);
      }
      default -> throw new AssertionError(at + ": unknown schema type " + type);
    }
  }

  private static void object(Schema<?> schema, JsonNode value, String at) {
    require(value.isObject(), at, "must be an object", value);
    for (String name : schema.getRequired() == null ? List.<String>of() : schema.getRequired()) {
      require(value.has(name), at + "." + name, "is missing", value);
    }
    limits(null, schema.getMaxProperties(), value.size(), at + " properties");
    Map<String, ?> properties = schema.getProperties() == null ? Map.of() : schema.getProperties();
    for (Map.Entry<String, JsonNode> property : value.properties()) {
      String name = at + "." + property.getKey();
      if (properties.get(property.getKey()) instanceof Schema<?> known) {
        check(known, property.getValue(), name);
      } else if (schema.getAdditionalProperties() instanceof Schema<?> any) {
        check(any, property.getValue(), name);
      } else {
        throw new AssertionError(name + " is not in the contract");
      }
    }
  }

  private static void string(Schema<?> schema, JsonNode value, String at) {
    require(value.isString(), at, "must be text", value);
    String text = value.asString();
    limits(schema.getMinLength(), schema.getMaxLength(), text.length(), at + " characters");
    require(
        schema.getPattern() == null || Pattern.compile(schema.getPattern()).matcher(text).find(),
        at,
        "must match " + schema.getPattern(),
        value);
    require(
        schema.getEnum() == null || schema.getEnum().contains(text),
        at,
        "must be one of " + schema.getEnum(),
        value);
    if ("date-time".equals(schema.getFormat())) {
      try {
        require(OffsetDateTime.parse(text).getOffset().getTotalSeconds() == 0, at, "is UTC", value);
      } catch (DateTimeParseException e) {
        throw new AssertionError(at + " must be a time, not " + text, e);
      }
    }
  }

  private static void limits(Integer least, Integer most, int size, String at) {
    if ((least != null && size < least) || (most != null && size > most)) {
      throw new AssertionError(at + " must be " + least + " to " + most + ", not " + size);
    }
  }

  private static void require(boolean holds, String at, String what, JsonNode value) {
    if (!holds) {
      throw new AssertionError(at + " " + what + ": " + value);
    }
  }

  private static String last(String reference) {
    return reference.substring(reference.lastIndexOf('/') + 1);
  }
}
