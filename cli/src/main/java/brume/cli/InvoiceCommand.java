package brume.cli;

import brume.client.model.Invoice;
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
    Invoice invoice =
        brume.connection().call(() -> brume.connection().billing().getCurrentInvoice());
    if (brume.json()) {
      brume.printJson(invoice);
      return 0;
    }
    brume
        .out()
        .printf(
            "Invoice of account %s, %s to %s%n%n",
            invoice.getAccountId(),
            invoice.getPeriod().getStart().toLocalDate(),
            invoice.getPeriod().getEnd().toLocalDate());
    Table table =
        new Table("INSTANCE", "NAME", "TYPE", "FROM", "TO", "SECONDS", "PER HOUR", "AMOUNT");
    invoice
        .getLines()
        .forEach(line ->
            table.row(
                line.getResourceId(),
                line.getResourceName(),
                line.getSku(),
                line.getStart(),
                line.getEnd() == null ? "now" : line.getEnd(),
                line.getSeconds(),
                line.getUnitPricePerHour(),
                line.getAmount()));
    table.print(brume.out());
    brume.out().printf("%nTotal %s %s%n", invoice.getTotal(), invoice.getCurrency());
    return 0;
  }
}
