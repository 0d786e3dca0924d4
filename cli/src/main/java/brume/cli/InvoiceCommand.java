package brume.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "invoice",
    description = "What this month has cost so far, to the second.",
    mixinStandardHelpOptions = true)
final class InvoiceCommand implements Callable<Integer> {
  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before call()
  Brume brume;

  @Override
  public Integer call() {
    if (brume.json()) {
      brume.printJson(
          brume.connection().call(() -> brume.connection().billing().getCurrentInvoice()));
      return 0;
    }
    brume.out().print(brume.connection().text("/v1/invoices/current"));
    brume.out().flush();
    return 0;
  }
}
