package brume.compute.web;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.HtmlUtils;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// `/docs`: the contract as a page that people read, made from `openapi.yaml` at the first request.
/// It is one file without a script, and asks no other host for anything.
@RestController
class DocsPage {
  private static final MediaType HTML = new MediaType("text", "html", StandardCharsets.UTF_8);
  private static final List<String> VERBS = List.of("get", "post", "put", "patch", "delete");
  private static final String HEAD =
      """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><title>Brume: the REST API</title>
      <meta name="viewport" content="width=device-width, initial-scale=1"><style>
      body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;
      color:#1c2733;background:#fff}
      h2{margin-top:3rem}details{border:1px solid #cfd8e3;border-radius:6px;margin:.5rem 0}
      summary{padding:.5rem .8rem;cursor:pointer}.in{padding:0 1rem 1rem}code{font-size:.92em}
      .verb{display:inline-block;width:4.2rem;font-weight:700}.right{float:right;color:#5b6b7d}
      table{border-collapse:collapse}td,th{text-align:left;padding:.2rem .8rem .2rem 0;
      vertical-align:top}pre{white-space:pre-wrap;font:inherit}
      @media(prefers-color-scheme:dark){body{background:#12181f;color:#dbe4ee}
      details{border-color:#33414f}.right{color:#93a4b5}}
      </style></head><body>
      """;

  private volatile byte @Nullable [] page;

  @GetMapping("/docs")
  ResponseEntity<byte[]> docs() throws IOException {
    byte[] made = page;
    if (made == null) {
      made = html(contract()).getBytes(StandardCharsets.UTF_8);
      page = made;
    }
    return ResponseEntity.ok()
        .contentType(HTML)
        .header(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
                + " frame-ancestors 'none'")
        .body(made);
  }

  private static Map<?, ?> contract() throws IOException {
    try (InputStream in = new ClassPathResource("brume/openapi.yaml").getInputStream()) {
      return new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
    }
  }

  private static String html(Map<?, ?> contract) {
    StringBuilder html = new StringBuilder(HEAD);
    html.append("<h1>Brume: the REST API</h1><pre>")
        .append(text(at(contract, "info", "description")))
        .append("</pre><p>The contract itself: <a href=\"/openapi.yaml\">openapi.yaml</a></p>");
    for (Object tag : list(contract.get("tags"))) {
      Object name = at(tag, "name");
      html.append("<h2>").append(text(name)).append("</h2><p>");
      html.append(text(at(tag, "description"))).append("</p>");
      map(contract.get("paths"))
          .forEach((path, item) -> {
            for (String verb : VERBS) {
              Object operation = at(item, verb);
              if (operation != null && list(at(operation, "tags")).contains(name)) {
                operation(html, contract, verb, String.valueOf(path), operation);
              }
            }
          });
    }
    return html.append("</body></html>\n").toString();
  }

  private static void operation(
      StringBuilder html, Map<?, ?> contract, String verb, String path, Object operation) {
    html.append("<details id=\"").append(text(at(operation, "operationId"))).append("\"><summary>");
    html.append("<span class=\"right\">").append(text(at(operation, "x-needs"))).append("</span>");
    html.append("<code><span class=\"verb\">").append(verb.toUpperCase(java.util.Locale.ROOT));
    html.append("</span>").append(text(path)).append("</code> ");
    html.append(text(at(operation, "summary"))).append("</summary><div class=\"in\"><pre>");
    html.append(text(at(operation, "description"))).append("</pre><p>Action <code>");
    html.append(text(at(operation, "x-action"))).append("</code></p><table>");
    for (Object given : list(at(operation, "parameters"))) {
      Object parameter = resolved(contract, given);
      row(html, at(parameter, "name"), at(parameter, "in"), at(parameter, "description"));
    }
    Object schema = at(operation, "requestBody", "content", "application/json", "schema");
    if (schema != null) {
      Object body = resolved(contract, schema);
      map(at(body, "properties"))
          .forEach((name, property) -> {
            boolean required = list(at(body, "required")).contains(name);
            Object described = resolved(contract, property);
            row(html, name, required ? "body, required" : "body", at(described, "description"));
          });
    }
    html.append("</table></div></details>\n");
  }

  private static void row(
      StringBuilder html, @Nullable Object name, @Nullable Object in, @Nullable Object what) {
    html.append("<tr><td><code>").append(text(name)).append("</code></td><td>");
    html.append(text(in)).append("</td><td>").append(text(what)).append("</td></tr>");
  }

  private static @Nullable Object resolved(Map<?, ?> contract, @Nullable Object node) {
    Object reference = at(node, "$ref");
    if (reference == null) {
      return node;
    }
    String[] steps = String.valueOf(reference).substring(2).split("/");
    return at(contract, steps);
  }

  private static @Nullable Object at(@Nullable Object node, String... steps) {
    Object found = node;
    for (String step : steps) {
      found = found instanceof Map<?, ?> map ? map.get(step) : null;
    }
    return found;
  }

  private static Map<?, ?> map(@Nullable Object node) {
    return node instanceof Map<?, ?> map ? map : Map.of();
  }

  private static List<?> list(@Nullable Object node) {
    return node instanceof List<?> list ? list : List.of();
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : HtmlUtils.htmlEscape(String.valueOf(value).strip());
  }
}
