package brume.cli.verbs;

import brume.cli.cloud.Json;
import brume.cli.cloud.Request;
import brume.cli.grammar.Arguments;
import brume.cli.grammar.Chapter;
import brume.cli.grammar.Fill;
import brume.cli.grammar.Option;
import brume.cli.grammar.Verb;
import brume.cli.process.CommandFailure;
import brume.cli.process.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `brume run`.
final class RunVerb {
  private static final int USER_DATA_BYTES_MAX = 16_384;
  private static final long COUNT_MAX = 100;

  static final Command COMMAND =
      new Command(
          Verb.of("run", Chapter.INSTANCES, "Launch instances.")
              .with(
                  Option.one(
                          "--image",
                          "IMAGE",
                          "Name or id; debian-micro by default: 'brume images'.")
                      .filled(Fill.Known.IMAGES),
                  Option.one("--type", "TYPE", "Size; e1.micro by default: 'brume types'.")
                      .filled(Fill.Known.TYPES),
                  Option.one("-n, --count", "N", "How many, 1 to 100; all of them or none."),
                  Option.one(
                      "--name",
                      "NAME",
                      "What to call it; several are called NAME-1, NAME-2 and so on."),
                  Option.many("--tag", "KEY=VALUE", "A tag."),
                  Option.one("--zone", "ZONE", "Only there."),
                  Option.one(
                          "--user-data",
                          "TEXT|@FILE",
                          "Given to the guest, which runs it when it begins with #!; @FILE reads a"
                              + " file, @- what is piped in.")
                      .filled(Fill.Known.FILES),
                  Option.one(
                      "--client-token",
                      "KEY",
                      "The same key asks for the same instances, however often it is sent."),
                  Option.flag(
                      "--dry-run",
                      "Only say where it would go, or why not, and what an hour costs."),
                  Waiting.WAIT,
                  Waiting.TIMEOUT)
              .like(
                  "brume run --wait --name web --type e1.small --tag team=blue",
                  "brume run --count 3 --name worker --user-data @start.sh",
                  "brume run --query '[].id'"),
          RunVerb::run);

  private RunVerb() {}

  private static int run(Session session) {
    Arguments given = session.arguments();
    Map<String, Object> launch = new LinkedHashMap<>();
    launch.put("image", given.text("--image").orElse("debian-micro"));
    launch.put("type", given.text("--type").orElse("e1.micro"));
    given.number("--count", 1, COUNT_MAX).ifPresent(count -> launch.put("count", count));
    given.text("--name").ifPresent(name -> launch.put("name", name));
    given.text("--zone").ifPresent(zone -> launch.put("zone", zone));
    if (given.has("--tag")) {
      launch.put("tags", given.pairs("--tag"));
    }
    given
        .text("--user-data")
        .ifPresent(data ->
            launch.put("userData", Base64.getEncoder().encodeToString(userData(session, data))));
    String key =
        given.text("--client-token").orElseGet(() -> session.surroundings().idempotencyKey());
    Request request = Request.post(key, "/v1/instances").body(launch);
    if (given.has("--dry-run")) {
      return Forecast.show(session, session.cloud().json(request.with("dryRun", "true")));
    }
    Object reservation = session.cloud().json(request);
    List<Object> launched = new ArrayList<>(Json.list(reservation, "instances"));
    session.show(Instances.COLUMNS, Waiting.until(session, "running", launched));
    return 0;
  }

  private static byte[] userData(Session session, String given) {
    if (!given.startsWith("@")) {
      return limited(given.getBytes(StandardCharsets.UTF_8));
    }
    String file = given.substring(1);
    try (InputStream source =
        file.equals("-") ? session.surroundings().in() : Files.newInputStream(Path.of(file))) {
      return limited(source.readNBytes(USER_DATA_BYTES_MAX + 1));
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE, "--user-data: the file " + file + " can not be read");
    }
  }

  private static byte[] limited(byte[] bytes) {
    if (bytes.length > USER_DATA_BYTES_MAX) {
      throw new CommandFailure(
          ExitCode.USAGE, "--user-data must have at most " + USER_DATA_BYTES_MAX + " bytes");
    }
    return bytes;
  }
}
