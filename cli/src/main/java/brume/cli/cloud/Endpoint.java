package brume.cli.cloud;

import brume.cli.process.CommandFailure;
import brume.cli.process.ExitCode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A cloud's address, and the token to use there.
///
/// Address and token are looked for one after the other: an option, the environment, the profile
/// that is named or in use, the cloud that runs beside the command. A token that is kept somewhere
/// goes only to the address that is kept with it, so that a mistyped `--url` is told no secret.
public record Endpoint(String url, String token) {
  /// The name of the cloud beside the command among the profiles.
  public static final String HERE = "here";

  /// What the user gave with this command.
  public record Given(@Nullable String url, @Nullable String token, @Nullable String profile) {}

  private record Kept(Optional<String> url, Optional<String> token, String where) {}

  /// Throws [CommandFailure] when no address or token can be found.
  public static Endpoint find(
      Given given, Map<String, String> environment, Supplier<Profiles> profiles) {
    Optional<String> asked =
        Optional.ofNullable(given.url())
            .or(() -> Optional.ofNullable(environment.get("BRUME_URL")))
            .map(Endpoint::checked);
    Optional<String> own =
        Optional.ofNullable(given.token())
            .or(() -> Optional.ofNullable(environment.get("BRUME_TOKEN")));
    if (asked.isPresent() && own.isPresent()) {
      return new Endpoint(asked.get(), checkedToken(own.get()));
    }
    Kept kept = kept(given, environment, profiles.get());
    String url =
        asked
            .or(() -> kept.url().map(Endpoint::checked))
            .orElseThrow(() ->
                new CommandFailure(
                    ExitCode.UNREACHABLE,
                    "no cloud is running here: start one with 'brume up', sign in to one with"
                        + " 'brume login', or name one with --url and --token"));
    boolean same = kept.url().map(Endpoint::checked).filter(url::equals).isPresent();
    String token =
        own.or(() -> same ? kept.token() : Optional.empty())
            .orElseThrow(() ->
                new CommandFailure(
                    ExitCode.USAGE,
                    "no token for "
                        + url
                        + ": give --token, set BRUME_TOKEN, or use 'brume login'"
                        + (same || kept.url().isEmpty()
                            ? ""
                            : "; that of " + kept.where() + " is for " + kept.url().get())));
    return new Endpoint(url, checkedToken(token));
  }

  private static Kept kept(Given given, Map<String, String> environment, Profiles profiles) {
    Optional<String> name =
        Optional.ofNullable(given.profile())
            .or(() -> Optional.ofNullable(environment.get("BRUME_PROFILE")))
            .or(profiles::inUse);
    if (name.isPresent() && !name.get().equals(HERE)) {
      Map<String, String> profile = profiles.profile(name.get());
      return new Kept(
          Optional.ofNullable(profile.get("url")),
          Optional.ofNullable(profile.get("token")),
          "profile " + name.get());
    }
    Optional<Path> folder = Optional.ofNullable(environment.get("BRUME_DATA")).map(Path::of);
    return new Kept(
        folder.flatMap(data -> read(data.resolve("url"))),
        folder.flatMap(data -> read(data.resolve("secrets").resolve("token"))),
        "the cloud here");
  }

  /// The address without a slash at its end; throws [CommandFailure] where it is none.
  public static String checked(String url) {
    try {
      URI uri = URI.create(url);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (http
          && uri.getHost() != null
          && uri.getUserInfo() == null
          && uri.getQuery() == null
          && uri.getFragment() == null) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
      }
    } catch (IllegalArgumentException e) {
      // told below, with the shape that is wanted
    }
    throw new CommandFailure(
        ExitCode.USAGE, "--url must look like http://HOST:PORT, not '" + url + "'");
  }

  /// A token is sent in a header, so it must fit into one.
  public static String checkedToken(String token) {
    if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new CommandFailure(
          ExitCode.USAGE, "the token must be visible ASCII without spaces: copy it again");
    }
    return token;
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

  @Override
  public String toString() {
    return url; // never the token
  }

  boolean isSecure() {
    return Objects.requireNonNull(URI.create(url).getScheme()).equals("https");
  }
}
