package brume.cli;

import brume.client.ApiClient;
import brume.client.ApiException;
import brume.client.api.AccountApi;
import brume.client.api.BillingApi;
import brume.client.api.CatalogApi;
import brume.client.api.InstancesApi;
import brume.client.api.NodesApi;
import brume.client.model.Problem;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// The cloud that a command talks to. Address and token come from `--url` and `--token`, else from
/// `BRUME_URL` and `BRUME_TOKEN`, else from the folder of the cloud that runs beside the command.
final class Connection {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(70);
  private static final int ATTEMPTS_MAX = 3;

  private final ApiClient client;
  private final String url;
  private final String token;

  Connection(String url, String token) {
    this.url = url;
    this.token = token;
    this.client = new ApiClient();
    client.updateBaseUri(url);
    client.setConnectTimeout(CONNECT_TIMEOUT);
    client.setReadTimeout(READ_TIMEOUT);
    client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
  }

  /// Throws [CommandFailure] when no address or token can be found.
  static Connection find(Brume options, Surroundings surroundings) {
    Optional<String> folder = Optional.ofNullable(surroundings.environment().get("BRUME_DATA"));
    String url =
        Optional.ofNullable(options.url)
            .or(() -> Optional.ofNullable(surroundings.environment().get("BRUME_URL")))
            .or(() -> folder.flatMap(data -> read(Path.of(data, "url"))))
            .orElseThrow(() ->
                new CommandFailure(
                    ExitCode.UNREACHABLE,
                    "no cloud is running here: start one with 'brume up', or name one with"
                        + " --url and --token (or BRUME_URL and BRUME_TOKEN)"));
    String token =
        Optional.ofNullable(options.token)
            .or(() -> Optional.ofNullable(surroundings.environment().get("BRUME_TOKEN")))
            .or(() -> folder.flatMap(data -> read(Path.of(data, "secrets", "token"))))
            .orElseThrow(() ->
                new CommandFailure(ExitCode.USAGE, "no token: give --token, or set BRUME_TOKEN"));
    return new Connection(checked(url), token);
  }

  private static String checked(String url) {
    try {
      URI uri = URI.create(url);
      if (uri.getHost() != null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
      }
    } catch (IllegalArgumentException e) {
      // told below, with the shape that is wanted
    }
    throw new CommandFailure(
        ExitCode.USAGE, "--url must look like http://HOST:PORT, not '" + url + "'");
  }

  private static Optional<String> read(Path file) {
    try {
      return Files.isReadable(file)
          ? Optional.of(Files.readString(file).strip())
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  AccountApi account() {
    return new AccountApi(client);
  }

  CatalogApi catalog() {
    return new CatalogApi(client);
  }

  InstancesApi instances() {
    return new InstancesApi(client);
  }

  NodesApi nodes() {
    return new NodesApi(client);
  }

  BillingApi billing() {
    return new BillingApi(client);
  }

  ObjectMapper json() {
    return client.getObjectMapper();
  }

  /// One call of the API. What was refused, and what could not be reached, ends the command with
  /// one line. A call that broke off is made again: every call here reads, or carries an
  /// idempotency key.
  <T> T call(ApiCall<T> call) {
    for (int attempt = 1; ; attempt++) {
      try {
        return call.make();
      } catch (ApiException e) {
        boolean answered = e.getCode() != 0;
        if (answered) {
          throw refusal(e);
        }
        if (attempt == ATTEMPTS_MAX || e.getCause() instanceof ConnectException) {
          throw new CommandFailure(
              ExitCode.UNREACHABLE,
              url + " does not answer: is the cloud up ('brume up'), and is the address right?");
        }
      }
    }
  }

  /// What the API answers as text, made to be read as it is.
  String text(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Authorization", "Bearer " + token)
            .header("Accept", "text/plain")
            .timeout(READ_TIMEOUT)
            .build();
    return call(() -> {
      try {
        HttpResponse<String> answer =
            client.getHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
          throw new ApiException(answer.statusCode(), "refused", answer.headers(), answer.body());
        }
        return answer.body();
      } catch (IOException e) {
        throw new ApiException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ApiException(e);
      }
    });
  }

  private CommandFailure refusal(ApiException e) {
    int exitCode = e.getCode() >= 500 ? ExitCode.UNREACHABLE : ExitCode.REFUSED;
    try {
      Problem problem = client.getObjectMapper().readValue(e.getResponseBody(), Problem.class);
      String field = problem.getField() == null ? "" : problem.getField() + ": ";
      return new CommandFailure(
          exitCode, field + problem.getDetail() + " (" + problem.getCode() + ")");
    } catch (JsonProcessingException | IllegalArgumentException notOurs) {
      return new CommandFailure(
          ExitCode.UNREACHABLE,
          url
              + " answered with HTTP "
              + e.getCode()
              + " and not as Brume does: is the address right?");
    }
  }

  /// A call of the generated client.
  interface ApiCall<T> {
    T make() throws ApiException;
  }
}
