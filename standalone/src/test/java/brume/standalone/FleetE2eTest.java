package brume.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import brume.client.model.Instance;
import brume.client.model.InstanceState;
import brume.client.model.Invoice;
import brume.client.model.RunInstancesRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The services as separate processes, as docker-compose.yml runs them: a launch, its console, its
/// end and its invoice go through all of them.
class FleetE2eTest {
  @Test
  void separateProcessesAreOneCloud(@TempDir Path folder) throws Exception {
    try (Fleet fleet =
        new Fleet(folder, 2, Map.of("brume.node.vcpu", "16", "brume.node.memory-mib", "2048"))) {
      KillE2eTest.useTinyGuest(fleet, folder);
      fleet.start();
      List<Instance> launched =
          fleet
              .instances()
              .runInstances(
                  new RunInstancesRequest().image("tiny").type("e1.nano").count(2), "first", null)
              .getInstances();
      List<Instance> running =
          launched.stream().map(instance -> await(fleet, instance, InstanceState.RUNNING)).toList();

      Set<String> zones = running.stream().map(Instance::getZone).collect(Collectors.toSet());
      // Nodes large enough that one guest more or less is the same fit: then the spread decides.
      assertThat(zones).as("one request is spread over the zones").containsExactly("a", "b");
      for (Instance instance : running) {
        assertThat(consoleOf(fleet, instance.getId())).contains(TinyGuest.TEXT.strip());
      }

      for (Instance instance : running) {
        fleet.instances().terminateInstance(instance.getId(), null);
        await(fleet, instance, InstanceState.TERMINATED);
      }
      assertThat(billed(fleet))
          .containsExactlyInAnyOrderElementsOf(running.stream().map(Instance::getId).toList());
    }
  }

  private static Instance await(Fleet fleet, Instance instance, InstanceState state) {
    try {
      Instance seen = fleet.instances().getInstance(instance.getId(), state.getValue(), "25s");
      assertThat(seen.getState()).as("%s", seen).isEqualTo(state);
      return seen;
    } catch (brume.client.ApiException e) {
      throw new AssertionError(e);
    }
  }

  private static String consoleOf(Fleet fleet, String id) throws Exception {
    String text = "";
    for (int look = 0; !text.contains(TinyGuest.TEXT.strip()) && look < 600; look++) {
      LockSupport.parkNanos(100_000_000);
      text = String.valueOf(fleet.instances().getConsole(id, null));
    }
    return text;
  }

  /// Whose lines stand on the invoice once all of them have ended.
  private static List<String> billed(Fleet fleet) throws Exception {
    List<String> ended = List.of();
    for (int look = 0; ended.size() < 2 && look < 300; look++) {
      LockSupport.parkNanos(200_000_000);
      Invoice invoice = fleet.billingApi().getCurrentInvoice();
      ended =
          invoice.getLines().stream()
              .filter(line -> line.getEnd() != null)
              .map(line -> line.getResourceId())
              .toList();
    }
    return ended;
  }
}
