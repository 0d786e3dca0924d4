package brume.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Completion, asked of the command line and by real shells, where they are installed.
class ShellsTest extends CommandTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ter             | terminate
          tokens r        | revoke rotate
          ps --st         | --state
          ps --state sto  | stopped stopping
          ps -o y         | yaml
          stop w          | web
          stop i-         | i-0191a2b3c4d5e6f70
          run --type e    | e1.nano
          run --user-data x | @files
          ps --profile h  | here
          nothing x       | ''
          """)
  void offersWhatFits(String typed, String offered) {
    cloud.onItems("listInstances", running());
    cloud.onItems("listInstanceTypes", ContractCloud.made("InstanceType", "name", "e1.nano"));
    String[] line = ("complete -- " + typed).split(" ");
    assertThat(brume(line)).isZero();
    List<String> words = out().lines().map(word -> word.split("\t")[0]).sorted().toList();
    assertThat(String.join(" ", words)).isEqualTo(offered);
    assertThat(err()).isEmpty();
  }

  @Test
  void aCloudThatIsAwayOffersNothingAndSaysNothing() {
    environment.remove("BRUME_URL");
    assertThat(brume("complete", "--", "stop", "")).isZero();
    assertThat(out() + err()).isEmpty();
  }

  @Test
  void bashCompletes() throws Exception {
    assumeTrue(isThere("bash"), "bash is not installed");
    assertThat(brume("completion", "bash")).isZero();
    String found =
        run(
            "bash",
            "-c",
            script()
                + """
                COMP_WORDS=(./brume sto)
                COMP_CWORD=1
                _brume
                printf '%s\\n' "${COMPREPLY[@]}"
                COMP_WORDS=(./brume run --user-data @one)
                COMP_CWORD=3
                _brume
                printf '%s\\n' "${COMPREPLY[@]}"
                """);
    assertThat(found).isEqualTo("stop\n@one.sh\n");
  }

  @Test
  void zshCompletes() throws Exception {
    assumeTrue(isThere("zsh"), "zsh is not installed");
    assertThat(brume("completion", "zsh")).isZero();
    String found =
        run(
            "zsh",
            "-fc",
            """
            compdef() { : }
            _describe() { print -l -- "${(@P)2}" }
            """
                + script()
                + """
                words=(./brume sto)
                CURRENT=2
                _brume
                """);
    assertThat(found).contains("stop:Shut instances down");
  }

  /// The completion's script, with a program of that name that answers as this version does.
  private String script() throws IOException {
    Files.writeString(folder.resolve("one.sh"), "");
    String script = out();
    brume("complete", "--", "sto");
    Files.writeString(folder.resolve("verbs"), out());
    brume("complete", "--", "run", "--user-data", "@one");
    Files.writeString(folder.resolve("files"), out());
    Path program = folder.resolve("brume");
    Files.writeString(
        program,
        """
        #!/bin/sh
        case $3 in sto) cat verbs ;; run) cat files ;; esac
        """);
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return script;
  }

  private String run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    try (InputStream printed = process.getInputStream()) {
      String text = new String(printed.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return text;
    }
  }

  private static boolean isThere(String program) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(program, "--version").start();
      return process.waitFor(60, TimeUnit.SECONDS);
    } catch (IOException e) {
      return false;
    }
  }
}
