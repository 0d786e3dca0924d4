package brume.billing.invoice;

import brume.billing.rating.Period;
import brume.billing.rating.Statement;
import brume.billing.terms.AccountTerms;
import java.util.List;

/// An account's month, worked out and about to be issued.
///
/// @param lineIds of the statement's lines, in their order
record InvoiceDraft(
    String id, String accountId, AccountTerms terms, Statement statement, List<String> lineIds) {
  static InvoiceDraft of(String accountId, Period period, AccountTerms terms, Statement statement) {
    LineId.Names names = new LineId.Names(accountId, period);
    return new InvoiceDraft(
        LineId.invoice(accountId, period),
        accountId,
        terms,
        statement,
        statement.lines().stream().map(line -> names.of(line.charge().of())).toList());
  }
}
