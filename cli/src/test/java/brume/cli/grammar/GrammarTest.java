package brume.cli.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrammarTest {
  private static final Grammar GRAMMAR =
      new Grammar(
          "prog",
          List.of(
              Verb.of("ps", Chapter.INSTANCES, "List.")
                  .with(
                      Option.flag("-a, --all", "All."),
                      Option.many("--tag", "TAG", "A tag."),
                      Option.one("-n, --name", "NAME", "A name.")),
              Verb.of("tokens", Chapter.ACCOUNT, "Tokens."),
              Verb.of("tokens create", Chapter.ACCOUNT, "Make one.")
                  .taking(Parameter.one("LABEL", "What it is for."))
                  .with(
                      Option.one("--role", "ROLE", "A role.")
                          .filled(Fill.words("owner", "operator"))),
              Verb.of("stop", Chapter.INSTANCES, "Stop.")
                  .taking(Parameter.some("INSTANCE", "Ids.").filled(Fill.Known.INSTANCES)),
              Verb.of("set", Chapter.HERE, "Set.")
                  .taking(Parameter.one("KEY", "A key."), Parameter.one("VALUE", "Its value."))),
          List.of(
              Option.one("-o, --output", "FORMAT", "How.").filled(Fill.words("table", "json")),
              Option.flag("-h, --help", "Help.")),
          Map.of("list", "ps"));

  private static String read(String line) {
    Arguments read = GRAMMAR.read(List.of(line.split(" ", -1)));
    StringBuilder shown = new StringBuilder(read.verb().name()).append(read.words());
    for (String option : List.of("--all", "--tag", "--name", "--role", "--output", "--help")) {
      if (read.has(option)) {
        shown.append(' ').append(option).append(read.texts(option));
      }
    }
    return shown.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ps                           | ps[]
          -o json ps                   | ps[] --output[json]
          ps -ojson --all              | ps[] --all[] --output[json]
          ps --output=json -n x        | ps[] --name[x] --output[json]
          ps --tag a=b --tag=c=d       | ps[] --tag[a=b, c=d]
          ps -a -a                     | ps[] --all[, ]
          tokens                       | tokens[]
          tokens create ci             | tokens create[ci]
          tokens --output json create ci --role owner | tokens create[ci] --role[owner] --output[json]
          stop a b -o json c           | stop[a, b, c] --output[json]
          stop -- -a --all             | stop[-a, --all]
          set -- key -1                | set[key, -1]
          stop -                       | stop[-]
          stop --help                  | stop[] --help[]
          ps --name=                   | ps[] --name[]
          """)
  void reads(String line, String expected) {
    assertThat(read(line)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          sp                  | 'sp' is no verb of prog: did you mean 'ps'? 'prog help' lists them
          tokn                | 'tokn' is no verb of prog: did you mean 'tokens'? 'prog help' lists them
          list                | 'list' is no verb of prog: did you mean 'ps'? 'prog help' lists them
          lisst               | 'lisst' is no verb of prog: did you mean 'ps'? 'prog help' lists them
          unheardof           | 'unheardof' is no verb of prog; 'prog help' lists them
          tokens creat        | 'prog tokens' does not take 'creat': did you mean 'create'? besides it there is create
          tokens create       | 'prog tokens create' needs LABEL: What it is for.
          set key             | 'prog set' needs VALUE: Its value.
          set key value more  | 'prog set' does not take 'more'
          ps --nmae x         | --nmae is no option of 'prog ps': did you mean '--name'?
          ps -x               | -x is no option of 'prog ps'
          --all ps            | --all is no option
          ps --name           | --name needs a value
          ps --name a --name b | --name is given twice: it takes one value
          ps --all=yes        | --all takes no value: write it alone
          -o json             | say what to do: 'prog help' lists the verbs
          """)
  void refuses(String line, String message) {
    assertThatThrownBy(() -> read(line)).isInstanceOf(UsageFailure.class).hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''            | ps tokens stop set
          p             | ps
          tokens_       | create
          tokens_cr     | create
          tokens_create_ | ''
          tokens_create_--r | --role
          tokens_create_--role_ | owner operator
          tokens_create_--role_op | operator
          ps_--         | --all --tag --name --output --help
          ps_-o_        | table json
          -o_json_ps_--n | --name
          ps_--name_    | ''
          nothing_      | ''
          """)
  void completes(String typed, String expected) {
    List<String> words = List.of(typed.split("_", -1));
    String found =
        String.join(
            " ",
            new Completion(GRAMMAR)
                .after(words).candidates().stream().map(Completion.Candidate::word).toList());
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void namesWhatOthersMustLookUp() {
    Completion completion = new Completion(GRAMMAR);
    assertThat(completion.after(List.of("stop", "")).fill()).isEqualTo(Fill.Known.INSTANCES);
    assertThat(completion.after(List.of("stop", "a", "b")).fill()).isEqualTo(Fill.Known.INSTANCES);
    assertThat(completion.after(List.of("ps", "")).fill()).isEqualTo(Fill.NOTHING);
  }

  @Test
  void pairsAndListsAreTakenApart() {
    Arguments tags = GRAMMAR.read(List.of("ps", "--tag", "a=b=c", "--tag", "d="));
    assertThat(tags.pairs("--tag")).isEqualTo(Map.of("a", "b=c", "d", ""));
    Arguments list = GRAMMAR.read(List.of("ps", "--tag", "a, b", "--tag", "c,"));
    assertThat(list.list("--tag")).containsExactly("a", "b", "c");
  }
}
