package brume.cli.verbs;

import brume.cli.cloud.Json;
import brume.cli.cloud.Request;
import brume.cli.grammar.Arguments;
import brume.cli.grammar.Chapter;
import brume.cli.grammar.Fill;
import brume.cli.grammar.Option;
import brume.cli.grammar.Parameter;
import brume.cli.grammar.UsageFailure;
import brume.cli.grammar.Verb;
import brume.cli.process.CommandFailure;
import brume.cli.process.ExitCode;
import brume.cli.proof.InvoiceProof;
import brume.cli.show.Column;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is done with issued invoices: proving one from its file, and noting that it was paid.
final class InvoiceVerbs {
  /// An invoice of 100,000 lines has some 60 MB.
  private static final int FILE_BYTES_MAX = 1 << 28;

  private static final List<Column> FINDINGS =
      List.of(Column.yes("HOLDS", "holds"), Column.of("FINDING", "finding"));

  static final List<Command> COMMANDS =
      List.of(
          new Command(
              Verb.of("invoice verify", Chapter.BILLING, "Prove an invoice from its file, offline.")
                  .saying(
                      "It proves that the file adds up and is the one that its certificate was made"
                          + " of. Whether that is the one which was issued, a digest kept at the"
                          + " time tells: give it with --digest.")
                  .taking(
                      Parameter.one("FILE", "The invoice as JSON; - reads what is piped in.")
                          .filled(Fill.Known.FILES))
                  .with(Option.one("--digest", "SHA-256", "The certificate must be this one."))
                  .like("brume invoice inv-00000000000000001 -o json | brume invoice verify -"),
              InvoiceVerbs::verify),
          new Command(
              Verb.of(
                      "invoice settle",
                      Chapter.OPERATION,
                      "Note that an invoice was paid, or void it.")
                  .saying("A voided one counts as nothing billed: what it was for comes again.")
                  .taking(Parameter.one("INVOICE", "Its id: 'brume invoices'."))
                  .with(
                      Option.flag("--paid", "It was paid."),
                      Option.flag("--void", "It should not have been issued."),
                      Option.one("--note", "TEXT", "Such as how it was paid."))
                  .like("brume invoice settle inv-00000000000000001 --paid --note 'by card'"),
              InvoiceVerbs::settle));

  private InvoiceVerbs() {}

  private static int verify(Session session) {
    String file = session.arguments().word();
    Object invoice = read(session, file);
    List<InvoiceProof.Finding> findings;
    try {
      findings = InvoiceProof.of(invoice);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, file + ": " + e.getMessage());
    }
    List<Object> rows = new ArrayList<>();
    findings.forEach(each -> rows.add(Json.object("holds", each.holds(), "finding", each.text())));
    session
        .arguments()
        .text("--digest")
        .ifPresent(kept -> {
          boolean same = kept.equals(Json.text(invoice, "certificate.digest"));
          rows.add(
              Json.object(
                  "holds",
                  same,
                  "finding",
                  same ? "its digest is the one that was kept" : "its digest is not " + kept));
        });
    boolean proven = rows.stream().allMatch(row -> Boolean.TRUE.equals(Json.at(row, "holds")));
    if (!session.printer().isForPeople()) {
      session.show(FINDINGS, rows);
      return proven ? 0 : ExitCode.REFUSED;
    }
    session
        .out()
        .println(
            "Invoice %s, number %s of account %s, %s to %s"
                .formatted(
                    Json.text(invoice, "id"),
                    Json.text(invoice, "number"),
                    Json.text(invoice, "accountId"),
                    Json.text(invoice, "period.start"),
                    Json.text(invoice, "period.end")));
    rows.forEach(row ->
        session
            .out()
            .println(
                (Boolean.TRUE.equals(Json.at(row, "holds")) ? "  yes  " : "  NO   ")
                    + Json.text(row, "finding")));
    session
        .out()
        .println(
            proven
                ? "It is proven: made from the log up to transition "
                    + Json.text(invoice, "certificate.throughSeq")
                    + "."
                : "It is NOT the invoice that was issued.");
    session.out().flush();
    return proven ? 0 : ExitCode.REFUSED;
  }

  private static @Nullable Object read(Session session, String file) {
    byte[] bytes;
    try (InputStream source =
        file.equals("-") ? session.surroundings().in() : Files.newInputStream(Path.of(file))) {
      bytes = source.readNBytes(FILE_BYTES_MAX + 1);
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, file + " can not be read: " + e.getMessage());
    }
    if (bytes.length > FILE_BYTES_MAX) {
      throw new CommandFailure(
          ExitCode.USAGE, file + " must have at most " + (FILE_BYTES_MAX >> 20) + " MiB");
    }
    try {
      return Json.read(new String(bytes, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          file + " is not JSON: 'brume invoice ID -o json' writes what can be verified");
    }
  }

  private static int settle(Session session) {
    Arguments given = session.arguments();
    if (given.has("--paid") == given.has("--void")) {
      throw new UsageFailure("say either --paid or --void");
    }
    Map<String, Object> wanted = new LinkedHashMap<>();
    wanted.put("state", given.has("--paid") ? "paid" : "voided");
    given.text("--note").ifPresent(note -> wanted.put("note", note));
    session.show(
        ExplainVerbs.INVOICES,
        session
            .cloud()
            .json(Request.of("PUT", "/v1/invoices/{}/state", given.word()).body(wanted)));
    return 0;
  }
}
