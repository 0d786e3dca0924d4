package brume.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "nodes",
    description = "List the hosts and what they hold; for operators of the cloud.",
    mixinStandardHelpOptions = true)
final class NodesCommand implements Callable<Integer> {
  private static final int PAGE = 1000;

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before call()
  Brume brume;

  @Override
  public Integer call() {
    var nodes =
        brume.connection().call(() -> brume.connection().nodes().listNodes(PAGE, null)).getItems();
    if (brume.json()) {
      brume.printJson(nodes);
      return 0;
    }
    Table table =
        new Table("NODE", "NAME", "ZONE", "STATE", "INSTANCES", "VCPU USED", "MEMORY USED", "SEEN");
    nodes.forEach(node ->
        table.row(
            node.getId(),
            node.getName(),
            node.getZone(),
            !node.getReady() ? "lost" : node.getDraining() ? "draining" : "ready",
            node.getInstances(),
            node.getVcpuUsed() + " of " + node.getVcpu(),
            node.getMemoryMibUsed() + " of " + node.getMemoryMib() + " MiB",
            node.getLastHeartbeatAt() == null
                ? "never"
                : Ago.of(brume.surroundings().clock(), node.getLastHeartbeatAt()) + " ago"));
    table.print(brume.out());
    return 0;
  }
}
