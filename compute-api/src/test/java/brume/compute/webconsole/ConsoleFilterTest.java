package brume.compute.webconsole;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The console's files through a real server: what is found, how it is kept and packed, and which
/// requests are left to the doors.
final class ConsoleFilterTest {
  private static final String SCRIPT = "let hello = 'world';\n".repeat(200);

  @TempDir private static Path folder;
  private static Tomcat server;
  private static HttpClient http;

  @BeforeAll
  static void start() throws Exception {
    Path console = folder.resolve("console");
    Path assets = Files.createDirectories(console.resolve("assets"));
    Files.writeString(console.resolve("index.html"), "<!doctype html><p>the page");
    Files.writeString(console.resolve("icon.svg"), "<svg/>");
    Files.writeString(assets.resolve("index-4f3a.js"), SCRIPT);
    Files.writeString(assets.resolve("index-4f3a.js.br"), "as if it were brotli");
    Files.writeString(folder.resolve("secret.txt"), "not of the console");
    server = new Tomcat();
    server.setBaseDir(folder.resolve("server").toString());
    server.setPort(0);
    Context context = server.addContext("", folder.toString());
    FilterDef definition = new FilterDef();
    definition.setFilterName("console");
    definition.setFilter(new ConsoleFilter(console.toUri().toString()));
    context.addFilterDef(definition);
    FilterMap everywhere = new FilterMap();
    everywhere.setFilterName("console");
    everywhere.addURLPattern("/*");
    context.addFilterMap(everywhere);
    Tomcat.addServlet(context, "doors", new Doors()).addMapping("/");
    server.getConnector();
    server.start();
    http = HttpClient.newHttpClient();
  }

  private static final class Doors extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
      response.setStatus(418);
    }
  }

  @AfterAll
  static void stop() throws Exception {
    http.close();
    server.stop();
    server.destroy();
  }

  private static HttpResponse<byte[]> send(String method, String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.getConnector().getLocalPort() + path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static HttpResponse<byte[]> page(String path) throws Exception {
    return send("GET", path, "Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static String header(HttpResponse<byte[]> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  @Test
  void linksIntoTheConsoleAreAnsweredWithItsPageWhichIsNotKept() throws Exception {
    for (String path : List.of("/", "/index.html", "/instances/i-1?tab=tags", "/a/b/c")) {
      HttpResponse<byte[]> answer = page(path);
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      assertThat(text(answer)).as(path).contains("the page");
      assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
      assertThat(header(answer, "Content-Type")).startsWith("text/html");
      assertThat(header(answer, "Content-Security-Policy")).isEqualTo(ConsoleFilter.POLICY);
      assertThat(header(answer, "Referrer-Policy")).isEqualTo("no-referrer");
    }
  }

  @Test
  void whatHasAHashInItsNameIsKeptForGoodAndSentSmall() throws Exception {
    String path = "/assets/index-4f3a.js";
    HttpResponse<byte[]> plain = send("GET", path);
    assertThat(text(plain)).isEqualTo(SCRIPT);
    assertThat(header(plain, "Cache-Control")).contains("immutable");
    assertThat(header(plain, "Content-Type")).startsWith("text/javascript");
    assertThat(header(plain, "Vary")).contains("Accept-Encoding");
    HttpResponse<byte[]> gzip = send("GET", path, "Accept-Encoding", "gzip, br;q=0");
    assertThat(header(gzip, "Content-Encoding")).isEqualTo("gzip");
    assertThat(gzip.body().length).isLessThan(SCRIPT.length() / 4);
    assertThat(new GZIPInputStream(new ByteArrayInputStream(gzip.body())).readAllBytes())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(SCRIPT);
    HttpResponse<byte[]> brotli = send("GET", path, "Accept-Encoding", "gzip, deflate, br");
    assertThat(header(brotli, "Content-Encoding")).isEqualTo("br");
    assertThat(text(brotli)).isEqualTo("as if it were brotli");
    HttpResponse<byte[]> head = send("HEAD", path);
    assertThat(head.body()).isEmpty();
    assertThat(header(head, "Content-Length")).isEqualTo("" + SCRIPT.length());
    assertThat(header(send("GET", "/icon.svg"), "Cache-Control")).isEqualTo("no-cache");
  }

  @Test
  void everythingElseIsLeftToTheDoors() throws Exception {
    for (String path :
        List.of(
            "/v1/instances",
            "/v1",
            "/ec2",
            "/sts/",
            "/docs",
            "/openapi.yaml",
            "/actuator/health")) {
      assertThat(page(path).statusCode()).as(path).isEqualTo(418);
    }
    assertThat(page("/?Action=DescribeInstances").statusCode()).isEqualTo(418);
    assertThat(send("POST", "/", "Accept", "text/html").statusCode()).isEqualTo(418);
    assertThat(send("GET", "/instances").statusCode()).isEqualTo(418);
    assertThat(send("GET", "/assets/index-0000.js", "Accept", "*/*").statusCode()).isEqualTo(418);
    assertThat(send("GET", "/", "Accept", "application/json").statusCode()).isEqualTo(418);
    assertThat(send("GET", "/", "Accept", "*/*").statusCode()).isEqualTo(200);
  }

  @Test
  void nothingBesideTheConsoleIsReached() throws Exception {
    for (String path :
        List.of(
            "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/secret.txt", "//secret.txt")) {
      assertThat(text(send("GET", path))).as(path).doesNotContain("not of the console");
    }
  }
}
