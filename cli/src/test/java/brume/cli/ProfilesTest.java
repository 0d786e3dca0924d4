package brume.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which cloud a command goes to, and as whom; and that tokens stay where they belong.
class ProfilesTest extends CommandTest {
  private Path file;

  @BeforeEach
  void noEnvironment() {
    environment.remove("BRUME_URL");
    environment.remove("BRUME_TOKEN");
    file = folder.resolve("config");
  }

  private void cloudHere() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    environment.put("BRUME_DATA", data.toString());
    Files.writeString(data.resolve("url"), cloud.url());
    Files.createDirectories(data.resolve("secrets"));
    Files.writeString(data.resolve("secrets/token"), "brume_here\n");
  }

  private String usedToken() {
    return cloud.asked().getLast().headers().get("Authorization").replace("Bearer ", "");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          -,     -,     -,     -,    brume_here
          -,     -,     -,     lab,  brume_lab
          -,     -,     work,  lab,  brume_work
          -,     -,     here,  lab,  brume_here
          -,     env,   work,  lab,  env
          flag,  env,   work,  lab,  flag
          """)
  void theNearestWins(String flag, String env, String profile, String inUse, String token)
      throws IOException {
    cloudHere();
    for (String name : new String[] {"work", "lab"}) {
      typed("brume_" + name);
      assertThat(brume("login", "--url", cloud.url(), "--profile", name)).as(err()).isZero();
    }
    assertThat(brume("config", "use", inUse == null ? "here" : inUse)).isZero();
    if (env != null) {
      environment.put("BRUME_TOKEN", env);
    }
    if (profile != null) {
      environment.put("BRUME_PROFILE", profile);
    }
    String[] line = {"types", "--token", flag};
    assertThat(flag == null ? brume("types") : brume(line)).as(err()).isZero();
    assertThat(usedToken()).isEqualTo(token);
  }

  @Test
  void aTokenGoesOnlyToTheAddressThatItIsKeptWith() throws IOException {
    cloudHere();
    try (ContractCloud other = new ContractCloud()) {
      assertThat(brume("types", "--url", other.url())).isEqualTo(2);
      assertThat(err()).contains("no token for " + other.url()).contains("that of the cloud here");
      assertThat(other.asked()).isEmpty();
      assertThat(brume("types", "--url", other.url(), "--token", "x")).isZero();
      assertThat(other.asked()).hasSize(1);
    }
    assertThat(brume("types", "--url", cloud.url() + "/")).isZero();
  }

  @Test
  void signingInKeepsATokenThatNobodyElseReadsOrSees() throws IOException {
    typed("brume_kept\n");
    assertThat(brume("login", "--url", cloud.url())).as(err()).isZero();
    assertThat(usedToken()).isEqualTo("brume_kept");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(out()).doesNotContain("brume_kept").contains("profile default is in use");
    for (String line :
        new String[] {"config list", "config get token", "whoami", "config -o json"}) {
      assertThat(brume(line.split(" "))).isZero();
      assertThat(out() + err()).as(line).doesNotContain("brume_kept");
    }
    assertThat(brume("config", "get", "token")).isZero();
    assertThat(out()).isEqualTo("set\n");
  }

  @Test
  void aTokenThatIsRefusedIsNotKept() {
    cloud.refuse("getAccount", 401, "unauthenticated", "the token is unknown", "");
    typed("brume_wrong");
    assertThat(brume("login", "--url", cloud.url())).isEqualTo(1);
    assertThat(err()).contains("the token is unknown");
    assertThat(file).doesNotExist();
  }

  @Test
  void valuesAreSetLookedAtAndTakenAway() throws IOException {
    assertThat(brume("config", "set", "url", cloud.url(), "--profile", "lab")).isZero();
    assertThat(brume("config", "set", "output", "yaml", "--profile", "lab")).isZero();
    assertThat(brume("config", "set", "token", "brume_x", "--profile", "lab")).isZero();
    assertThat(brume("config", "use", "lab")).isZero();
    assertThat(brume("types")).isZero();
    assertThat(out()).startsWith("- ");
    assertThat(brume("types", "-o", "csv")).isZero();
    assertThat(out()).startsWith("name,vcpu,");
    environment.put("BRUME_OUTPUT", "json");
    assertThat(brume("types")).isZero();
    assertThat(out()).startsWith("[");
    environment.remove("BRUME_OUTPUT");
    assertThat(brume("config", "set", "output", "")).isZero();
    assertThat(brume("types")).isZero();
    assertThat(out()).startsWith("TYPE");
    assertThat(brume("config", "list")).isZero();
    assertThat(out())
        .isEqualTo(
            """
            IN USE  PROFILE  URL  TOKEN  OUTPUT
            yes     lab      URL  set    -
            -       here     -    -      -
            """
                .replace("URL  TOKEN", "URL" + " ".repeat(cloud.url().length() - 1) + "TOKEN")
                .replace("-    -      -", "-" + " ".repeat(cloud.url().length() + 1) + "-      -")
                .replace("lab      URL", "lab      " + cloud.url()));
    assertThat(brume("config", "remove", "lab")).isZero();
    assertThat(brume("config", "use", "lab")).isEqualTo(2);
    assertThat(err()).contains("there is no profile 'lab'");
    assertThat(Files.readString(file)).doesNotContain("brume_x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          config set url nothing        | must look like http://HOST:PORT
          config set url http://u:p@h:1 | must look like http://HOST:PORT
          config set output xml         | output must be one of table, json, yaml, csv
          config set colour red         | KEY must be one of url, token, output, detach-key
          config set detach-key f12     | the detach key must look like ctrl-]
          config set url http://h --profile a/b | a profile's name must be
          config use nothing            | there is no profile 'nothing'
          login                         | give --url http://HOST:PORT
          login --url http://h --profile here | 'here' is the cloud on this machine
          """)
  void whatIsNotAProfileIsRefused(String line, String message) {
    assertThat(brume(line.split(" "))).isEqualTo(2);
    assertThat(err()).contains(message);
    assertThat(file).doesNotExist();
  }

  @Test
  void aFileThatOthersMayReadIsSaid() throws IOException {
    Files.writeString(file, "use = a\n[a]\nurl = " + cloud.url() + "\ntoken = brume_a\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(brume("types")).isZero();
    assertThat(err()).contains("others may read the tokens in " + file + ": chmod 600 it");
    assertThat(brume("config", "set", "output", "json")).isZero();
    assertThat(brume("types")).isZero();
    assertThat(err()).isEmpty();
  }

  @Test
  void aFileThatIsNoneSaysItsLine() throws IOException {
    Files.writeString(file, "use = a\n[a]\nwhat is this\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(brume("types")).isEqualTo(2);
    assertThat(err()).contains("line 3 is neither [NAME] nor key = value");
    environment.putAll(Map.of("BRUME_URL", cloud.url(), "BRUME_TOKEN", "x", "BRUME_OUTPUT", "csv"));
    assertThat(brume("types")).isZero();
  }

  @Test
  void withoutACloudItSaysHowToHaveOne() {
    assertThat(brume("ps")).isEqualTo(3);
    assertThat(err()).contains("start one with 'brume up'").contains("brume login");
  }
}
