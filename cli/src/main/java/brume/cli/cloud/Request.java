package brume.cli.cloud;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One request to the API: method, path with its query, headers, and a body, JSON but for a
/// [YamlText], if it has one.
public record Request(
    String method, String path, String query, Map<String, String> headers, @Nullable Object body) {
  /// A body that is sent as it is, to operations that take YAML too.
  public record YamlText(String text) {}

  public Request {
    headers = Map.copyOf(headers);
  }

  /// @param path with `{}` for each of `values`, which are encoded
  public static Request of(String method, String path, String... values) {
    String filled = path;
    for (String value : values) {
      filled = filled.replaceFirst("\\{}", encoded(value));
    }
    return new Request(method, filled, "", Map.of(), null);
  }

  public static Request get(String path, String... values) {
    return of("GET", path, values);
  }

  /// @param key the Idempotency-Key: however often this is sent, it is done once
  public static Request post(String key, String path, String... values) {
    return of("POST", path, values).header("Idempotency-Key", key);
  }

  public Request with(String name, String value) {
    String added = encoded(name) + "=" + encoded(value);
    return new Request(method, path, query.isEmpty() ? added : query + "&" + added, headers, body);
  }

  public Request with(String name, Optional<?> value) {
    return value.isPresent() ? with(name, value.get().toString()) : this;
  }

  public Request with(String name, List<String> values) {
    Request request = this;
    for (String value : values) {
      request = request.with(name, value);
    }
    return request;
  }

  public Request header(String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(name, value);
    return new Request(method, path, query, all, body);
  }

  public Request body(Object json) {
    return new Request(method, path, query, headers, json);
  }

  String target() {
    return query.isEmpty() ? path : path + "?" + query;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
