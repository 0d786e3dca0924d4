package brume.cli;

import brume.client.model.Counters;
import brume.client.model.Instance;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "show",
    description = "Everything about one instance, with its history.",
    mixinStandardHelpOptions = true)
final class ShowCommand implements Callable<Integer> {
  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before call()
  Brume brume;

  @Parameters(paramLabel = "INSTANCE", description = "Id or name.")
  String instance = "";

  @Override
  public Integer call() {
    String id = Instances.id(brume, instance);
    var api = brume.connection().instances();
    Instance found = brume.connection().call(() -> api.getInstance(id, null, null));
    if (brume.json()) {
      brume.printJson(found);
      return 0;
    }
    line("instance", found.getId());
    line("name", found.getName());
    line("state", found.getState());
    line("reason", Waiting.reason(found));
    line(
        "type",
        found.getType() + ": " + found.getVcpu() + " vCPU, " + found.getMemoryMib() + " MiB");
    line("image", found.getImageName() + " (" + found.getImageId() + ")");
    line("zone", found.getZone());
    line("node", found.getNode() == null ? null : found.getNode().getName());
    line("created", found.getCreatedAt());
    line("running since", found.getRunningSince());
    line("terminated", found.getTerminatedAt());
    found.getTags().forEach((key, value) -> line("tag " + key, value));
    @Nullable Counters counters = found.getCounters();
    if (counters != null && counters.getInstructions() > 0) {
      line(
          "used so far",
          String.format(
              Locale.ROOT,
              "%,d M instructions, %.1f s of processor, %d MiB of memory",
              counters.getInstructions() / 1_000_000,
              counters.getCpuSeconds(),
              counters.getMemoryTouchedBytes() >> 20));
    }
    var transitions = brume.connection().call(() -> api.listTransitions(id, 1000, null)).getItems();
    if (!transitions.isEmpty()) {
      brume.out().println();
      Table history = new Table("AT", "STATE", "CAUSE", "REASON");
      transitions.forEach(passed ->
          history.row(passed.getAt(), passed.getState(), passed.getCause(), passed.getReason()));
      history.print(brume.out());
    }
    return 0;
  }

  private void line(String title, @Nullable Object value) {
    if (value != null && !value.toString().isEmpty()) {
      brume.out().printf("%-14s %s%n", title, value);
    }
  }
}
