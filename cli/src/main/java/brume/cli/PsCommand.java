package brume.cli;

import brume.client.model.Instance;
import brume.client.model.InstanceState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "ps",
    description = "List instances; those that are terminated only with --all.",
    mixinStandardHelpOptions = true)
final class PsCommand implements Callable<Integer> {
  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before call()
  Brume brume;

  @Option(
      names = {"-a", "--all"},
      description = "Also terminated ones.")
  boolean all;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "Only in this state; more than once.")
  List<String> states = new ArrayList<>();

  @Option(
      names = "--tag",
      paramLabel = "KEY=VALUE",
      description = "Only with this tag; more than once.")
  List<String> tags = new ArrayList<>();

  @Override
  public Integer call() {
    List<Instance> instances = Instances.list(brume, wanted(), tags);
    Instances.print(brume, instances);
    if (instances.isEmpty() && !brume.json() && brume.surroundings().terminal()) {
      brume
          .surroundings()
          .err()
          .println("Nothing here yet: 'brume run --wait' launches a machine.");
    }
    return 0;
  }

  private @Nullable List<InstanceState> wanted() {
    if (!states.isEmpty()) {
      return states.stream().map(PsCommand::state).toList();
    }
    return all
        ? null
        : Arrays.stream(InstanceState.values())
            .filter(state -> state != InstanceState.TERMINATED)
            .toList();
  }

  private static InstanceState state(String name) {
    try {
      return InstanceState.fromValue(name);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--state must be one of "
              + String.join(
                  ", ", Arrays.stream(InstanceState.values()).map(InstanceState::getValue).toList())
              + ", not '"
              + name
              + "'");
    }
  }
}
