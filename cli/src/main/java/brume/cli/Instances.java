package brume.cli;

import brume.client.model.Instance;
import brume.client.model.InstanceState;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds instances by id or by name, and shows them as one table.
final class Instances {
  private static final Pattern ID = Pattern.compile("i-[0-9a-f]{17}");
  private static final int PAGE = 1000;

  private Instances() {}

  /// Throws [CommandFailure] when no living instance, or more than one, has the name.
  static String id(Brume brume, String idOrName) {
    if (ID.matcher(idOrName).matches()) {
      return idOrName;
    }
    List<Instance> named =
        brume
            .connection()
            .call(() ->
                brume
                    .connection()
                    .instances()
                    .listInstances(null, null, null, null, idOrName, null, null, PAGE, null))
            .getItems();
    List<Instance> living =
        named.stream().filter(found -> found.getState() != InstanceState.TERMINATED).toList();
    List<Instance> candidates = living.isEmpty() ? named : living;
    if (candidates.isEmpty()) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "no instance is called '" + idOrName + "': 'brume ps' lists what there is");
    }
    if (candidates.size() > 1) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          candidates.size()
              + " instances are called '"
              + idOrName
              + "': name one by its id, "
              + String.join(", ", candidates.stream().limit(5).map(Instance::getId).toList()));
    }
    return candidates.getFirst().getId();
  }

  /// All pages of a list.
  static List<Instance> list(Brume brume, @Nullable List<InstanceState> states, List<String> tags) {
    List<Instance> all = new ArrayList<>();
    @Nullable String cursor = null;
    do {
      @Nullable String from = cursor;
      var page =
          brume
              .connection()
              .call(() ->
                  brume
                      .connection()
                      .instances()
                      .listInstances(states, tags, null, null, null, null, null, PAGE, from));
      all.addAll(page.getItems());
      cursor = page.getNextCursor();
    } while (cursor != null);
    return all;
  }

  static void print(Brume brume, List<Instance> instances) {
    if (brume.json()) {
      brume.printJson(instances);
      return;
    }
    Table table = new Table("INSTANCE", "NAME", "TYPE", "STATE", "ZONE", "SINCE", "REASON");
    for (Instance instance : instances) {
      table.row(
          instance.getId(),
          instance.getName(),
          instance.getType(),
          instance.getState(),
          instance.getZone(),
          Ago.of(
              brume.surroundings().clock(),
              instance.getRunningSince() != null
                  ? instance.getRunningSince()
                  : instance.getCreatedAt()),
          Waiting.reason(instance));
    }
    table.print(brume.out());
  }
}
