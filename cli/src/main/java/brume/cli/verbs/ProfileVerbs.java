package brume.cli.verbs;

import brume.cli.cloud.Cloud;
import brume.cli.cloud.Endpoint;
import brume.cli.cloud.Json;
import brume.cli.cloud.Profiles;
import brume.cli.cloud.Request;
import brume.cli.grammar.Arguments;
import brume.cli.grammar.Chapter;
import brume.cli.grammar.Fill;
import brume.cli.grammar.Parameter;
import brume.cli.grammar.UsageFailure;
import brume.cli.grammar.Verb;
import brume.cli.process.CommandFailure;
import brume.cli.process.ExitCode;
import brume.cli.process.Terminal;
import brume.cli.serial.DetachKey;
import brume.cli.show.Column;
import brume.cli.show.Format;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Signing in, and the profiles that it is kept in. A token is never printed.
final class ProfileVerbs {
  private static final String FIRST = "default";
  private static final int TOKEN_BYTES_MAX = 200;

  private static final List<Column> PROFILES =
      List.of(
          Column.yes("IN USE", "inUse"),
          Column.of("PROFILE", "profile"),
          Column.of("URL", "url"),
          Column.of("TOKEN", "token"),
          Column.of("OUTPUT", "output"));

  private static final Parameter PROFILE =
      Parameter.one("PROFILE", "Its name; 'here' is the cloud on this machine.")
          .filled(Fill.Known.PROFILES);
  private static final Parameter KEY =
      Parameter.one("KEY", "One of " + String.join(", ", Profiles.KEYS) + ".")
          .filled(new Fill.Words(Profiles.KEYS));

  static final List<Command> COMMANDS =
      List.of(
          new Command(
              Verb.of("login", Chapter.HERE, "Keep a cloud's address and your token in a profile.")
                  .saying(
                      "Asks for the token without showing it, or reads it from what is piped in, and"
                          + " tries it. The profile is --profile, 'default' if not given, and is in"
                          + " use from then on.")
                  .like(
                      "brume login --url https://cloud.example:8443",
                      "brume login --url http://10.0.0.5:8080 --profile lab < token"),
              ProfileVerbs::login),
          new Command(
              Verb.of("config", Chapter.HERE, "The profiles, and which one is in use."),
              ProfileVerbs::list),
          new Command(
              Verb.of("config list", Chapter.HERE, "The profiles, and which one is in use."),
              ProfileVerbs::list),
          new Command(
              Verb.of(
                      "config get",
                      Chapter.HERE,
                      "A value of a profile; of a token, whether it is set.")
                  .taking(KEY),
              ProfileVerbs::get),
          new Command(
              Verb.of(
                      "config set",
                      Chapter.HERE,
                      "Set a value of a profile; an empty one unsets it.")
                  .taking(KEY, Parameter.one("VALUE", "Its value."))
                  .like(
                      "brume config set output yaml",
                      "brume config set url http://10.0.0.5:8080 --profile lab"),
              ProfileVerbs::set),
          new Command(
              Verb.of("config use", Chapter.HERE, "Use this profile from now on.").taking(PROFILE),
              session -> {
                session.profiles().use(session.arguments().word());
                session.profiles().write();
                session.done(
                    Json.object("profile", session.arguments().word()),
                    session.arguments().word() + " is in use");
                return 0;
              }),
          new Command(
              Verb.of("config remove", Chapter.HERE, "Forget a profile with its token.")
                  .taking(PROFILE),
              session -> {
                session.profiles().remove(session.arguments().word());
                session.profiles().write();
                session.done(
                    Json.object("profile", session.arguments().word()),
                    session.arguments().word() + " is forgotten");
                return 0;
              }));

  private ProfileVerbs() {}

  /// The profile that is named, else the one in use, else the first one.
  private static String profile(Session session) {
    return Profiles.checkedName(
        session.profileName().filter(name -> !name.equals(Endpoint.HERE)).orElse(FIRST));
  }

  private static int login(Session session) {
    Arguments given = session.arguments();
    String name = Profiles.checkedName(given.text("--profile").orElse(FIRST));
    if (name.equals(Endpoint.HERE)) {
      throw new UsageFailure("'here' is the cloud on this machine: give another --profile");
    }
    Profiles profiles = session.profiles();
    boolean known = profiles.names().contains(name);
    String url =
        Endpoint.checked(
            given
                .text("--url")
                .or(() -> Optional.ofNullable(known ? profiles.profile(name).get("url") : null))
                .orElseThrow(() -> new UsageFailure("give --url http://HOST:PORT")));
    String token = Endpoint.checkedToken(given.text("--token").orElseGet(() -> ask(session)));
    Object account;
    try (Cloud cloud = new Cloud(new Endpoint(url, token), session.surroundings())) {
      account = cloud.json(Request.get("/v1/account"));
    }
    profiles.set(name, "url", url);
    profiles.set(name, "token", token);
    profiles.use(name);
    profiles.write();
    session.done(
        Json.object("profile", name, "url", url),
        "Signed in to "
            + Json.text(account, "name")
            + " at "
            + url
            + " as "
            + Json.text(account, "caller.role")
            + "; profile "
            + name
            + " is in use");
    return 0;
  }

  private static String ask(Session session) {
    InputStream in = session.surroundings().in();
    if (!session.surroundings().terminals().in()) {
      return firstLine(in);
    }
    session.err().print("Token: ");
    session.err().flush();
    try (Terminal _ = Terminal.silent()) {
      return firstLine(in);
    } finally {
      session.err().println();
    }
  }

  private static String firstLine(InputStream in) {
    StringBuilder line = new StringBuilder();
    try {
      int read;
      while ((read = in.read()) >= 0 && read != '\n' && line.length() <= TOKEN_BYTES_MAX) {
        line.append((char) read);
      }
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, "the token can not be read");
    }
    return line.toString().strip();
  }

  private static int list(Session session) {
    Profiles profiles = session.profiles();
    List<Object> rows = new ArrayList<>();
    String inUse = session.profileName().orElse(Endpoint.HERE);
    for (String name : profiles.names()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("profile", name);
      row.put("inUse", name.equals(inUse));
      profiles
          .profile(name)
          .forEach((key, value) -> row.put(key, key.equals("token") ? "set" : value));
      rows.add(row);
    }
    Map<String, Object> here = new LinkedHashMap<>();
    here.put("profile", Endpoint.HERE);
    here.put("inUse", inUse.equals(Endpoint.HERE));
    rows.add(here);
    session.show(PROFILES, rows);
    session.remark("They are kept in " + profiles.file());
    return 0;
  }

  private static int get(Session session) {
    String key = Arguments.chosen("KEY", session.arguments().word(), Profiles.KEYS);
    String value = session.profiles().profile(profile(session)).get(key);
    if (value == null) {
      throw new CommandFailure(
          ExitCode.REFUSED, key + " is not set in profile " + profile(session));
    }
    String shown = key.equals("token") ? "set" : value;
    session.done(Json.object(key, shown), shown);
    return 0;
  }

  private static int set(Session session) {
    String key = Arguments.chosen("KEY", session.arguments().word(), Profiles.KEYS);
    String value = session.arguments().words().get(1);
    String name = profile(session);
    if (value.isEmpty()) {
      session.profiles().unset(name, key);
    } else {
      session.profiles().set(name, key, checked(key, value));
    }
    session.profiles().write();
    session.done(Json.object("profile", name, "key", key), key + " is set in profile " + name);
    return 0;
  }

  private static String checked(String key, String value) {
    return switch (key) {
      case "url" -> Endpoint.checked(value);
      case "output" -> Arguments.chosen("output", value, Format.NAMES);
      case "detach-key" -> DetachKey.of(value).name();
      default -> Endpoint.checkedToken(value);
    };
  }
}
