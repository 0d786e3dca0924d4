package brume.cli.verbs;

import brume.cli.cloud.Json;
import brume.cli.cloud.Request;
import brume.cli.grammar.Chapter;
import brume.cli.grammar.Fill;
import brume.cli.grammar.Option;
import brume.cli.grammar.Parameter;
import brume.cli.grammar.Verb;
import brume.cli.process.CommandFailure;
import brume.cli.process.ExitCode;
import brume.cli.show.Column;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Price books: what things cost, and since when.
final class PriceVerbs {
  private static final int BOOK_BYTES_MAX = 1 << 20;
  private static final Pattern YAML_ID =
      Pattern.compile("(?m)^id: *[\"']?([a-z0-9][a-z0-9.-]{0,63})[\"']? *(?:#.*)?$");

  private static final List<Column> BOOKS =
      List.of(
          Column.of("PRICE BOOK", "id"),
          Column.of("CURRENCY", "currency"),
          Column.time("VALID FROM", "validFrom"),
          Column.time("VALID TO", "validTo"));

  private static final List<Column> PRICES =
      List.of(
          Column.of("SKU", "sku"),
          Column.of("METER", "meter"),
          Column.of("MICROS/HOUR", "micros"),
          Column.of("FREE HOURS", "free"),
          Column.elastic("GRADUATED", "graduated"),
          Column.elastic("VOLUME", "volume"),
          Column.of("LEAST SECONDS", "minimumSeconds"));

  private static final List<Column> CHANGES =
      List.of(
          Column.of("SKU", "sku"),
          Column.of("METER", "meter"),
          Column.of("BEFORE", "before"),
          Column.of("AFTER", "after"),
          Column.of("PERCENT", "percent"));

  static final List<Command> COMMANDS =
      List.of(
          new Command(
              Verb.of("prices", Chapter.BILLING, "The price books, or the prices of one.")
                  .taking(Parameter.optional("PRICE BOOK", "Its id.")),
              PriceVerbs::prices),
          new Command(
              Verb.of(
                      "prices publish",
                      Chapter.BILLING,
                      "Publish a price book; for cloud operators.")
                  .saying(
                      "A published book never changes: other prices are another book, from a time to"
                          + " come.")
                  .taking(
                      Parameter.one("FILE", "The book as YAML or JSON; - reads what is piped in.")
                          .filled(Fill.Known.FILES))
                  .with(Option.flag("--dry-run", "Only say what would change.")),
              PriceVerbs::publish));

  private PriceVerbs() {}

  private static int prices(Session session) {
    List<String> words = session.arguments().words();
    if (words.isEmpty()) {
      session.show(BOOKS, Json.list(session.cloud().json(Request.get("/v1/price-books")), "items"));
    } else {
      Object book = session.cloud().json(Request.get("/v1/price-books/{}", words.getFirst()));
      session.show(PRICES, Json.list(book, "prices"));
    }
    return 0;
  }

  private static int publish(Session session) {
    String file = session.arguments().word();
    String text;
    try (InputStream source =
        file.equals("-") ? session.surroundings().in() : Files.newInputStream(Path.of(file))) {
      text = new String(source.readNBytes(BOOK_BYTES_MAX), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, file + " can not be read: " + e.getMessage());
    }
    Request request = text.stripLeading().startsWith("{") ? json(file, text) : yaml(file, text);
    Object published =
        session
            .cloud()
            .json(session.arguments().has("--dry-run") ? request.with("dryRun", "true") : request);
    if (session.printer().isForPeople()) {
      session.show(CHANGES, Json.list(published, "changes"));
      session.remark(
          Boolean.TRUE.equals(Json.at(published, "published"))
              ? "It is published."
              : "Nothing was published.");
    } else {
      session.show(CHANGES, published);
    }
    return 0;
  }

  private static Request json(String file, String text) {
    try {
      Object book = Json.read(text);
      return Request.of("PUT", "/v1/price-books/{}", Json.text(book, "id"))
          .body(book == null ? Json.object() : book);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          ExitCode.USAGE, "FILE must be JSON or YAML of at most 1 MiB, and " + file + " is not");
    }
  }

  /// Billing reads it; here only its name is looked for, which the path has to have.
  private static Request yaml(String file, String text) {
    Matcher id = YAML_ID.matcher(text);
    if (!id.find()) {
      throw new CommandFailure(
          ExitCode.USAGE, file + " must have a line 'id: ...' with the book's id at its top level");
    }
    return Request.of("PUT", "/v1/price-books/{}", id.group(1)).body(new Request.YamlText(text));
  }
}
