package brume.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "types",
    description = "List the sizes of instances.",
    mixinStandardHelpOptions = true)
final class TypesCommand implements Callable<Integer> {
  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before call()
  Brume brume;

  @Override
  public Integer call() {
    var types =
        brume.connection().call(() -> brume.connection().catalog().listInstanceTypes()).getItems();
    if (brume.json()) {
      brume.printJson(types);
      return 0;
    }
    Table table = new Table("TYPE", "VCPU", "MEMORY", "BASELINE");
    types.forEach(type ->
        table.row(
            type.getName(),
            type.getVcpu(),
            type.getMemoryMib() + " MiB",
            type.getBaselinePercent() + " % of a processor"));
    table.print(brume.out());
    return 0;
  }
}
