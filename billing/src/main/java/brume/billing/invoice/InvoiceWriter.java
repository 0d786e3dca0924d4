package brume.billing.invoice;

import brume.billing.SqlTime;
import brume.billing.rating.Charge;
import brume.billing.rating.Credit;
import brume.billing.rating.Period;
import brume.billing.rating.Statement;
import brume.billing.terms.TermsStore;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/// Writes invoices, many in a few statements, in the caller's transaction.
final class InvoiceWriter {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String INSERT =
      """
      INSERT INTO billing.invoice (id, account_id, account_name, number, kind, period_start,
        period_end, state, currency, through_seq, terms, exact_total, rounding, net, tax_name,
        tax_basis_points, tax, total, credit, due, subtotals, lines, inputs_digest, issued_at,
        due_at, chain_head, certificate, resources_seq, resources_head)
      VALUES (?, ?, ?, ?, 'month', ?, ?, 'draft', ?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?, ?, ?, ?,
        ?::jsonb, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private final JdbcTemplate batches;
  private final JdbcClient jdbc;
  private final LineCopy lines;
  private final SumCopy sums;
  private final TermsStore terms;
  private final String currency;
  private final Clock clock;

  InvoiceWriter(JdbcTemplate jdbc, TermsStore terms, String currency, Clock clock) {
    this.batches = jdbc;
    this.jdbc = JdbcClient.create(jdbc);
    this.lines = new LineCopy(jdbc);
    this.sums = new SumCopy(jdbc);
    this.terms = terms;
    this.currency = currency;
    this.clock = clock;
  }

  /// @param drafts of accounts that have no invoice of the period yet, in any order
  /// @param log what they were made from
  void write(List<InvoiceDraft> drafts, Period period, LogHead log) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    String[] accounts =
        drafts.stream().map(InvoiceDraft::accountId).sorted().toArray(String[]::new);
    Map<String, Integer> numbers = numbers(accounts);
    Map<String, String> accountNames = accountNames(accounts);
    Set<String> paidAhead = paidAhead(accounts);
    List<Object[]> heads = new ArrayList<>();
    List<Object[]> uses = new ArrayList<>();
    for (InvoiceDraft draft : drafts) {
      List<Credit.Draw> draws =
          paidAhead.contains(draft.accountId()) ? draws(draft, now) : List.of();
      draws.forEach(draw -> uses.add(new Object[] {draw.creditId(), draft.id(), draw.amount()}));
      heads.add(
          head(
              draft,
              accountNames.getOrDefault(draft.accountId(), ""),
              Objects.requireNonNull(numbers.get(draft.accountId())),
              period,
              log,
              draws,
              now));
    }
    batches.batchUpdate(INSERT, heads);
    lines.write(drafts, period, names(drafts, accounts));
    sums.write(drafts);
    batches.batchUpdate(
        "INSERT INTO billing.credit_use (credit_id, invoice_id, amount) VALUES (?, ?, ?)", uses);
    jdbc.sql("UPDATE billing.invoice SET state = 'issued' WHERE id = ANY (?::text[])")
        .param(drafts.stream().map(InvoiceDraft::id).toArray(String[]::new))
        .update();
  }

  /// The next of each account, whose row stays locked until the commit. In one order for all, so
  /// that two who write the same accounts wait and do not block each other.
  private Map<String, Integer> numbers(String[] accounts) {
    Map<String, Integer> numbers = new HashMap<>();
    jdbc.sql(
            """
            INSERT INTO billing.invoice_number AS n (account_id, last)
            SELECT unnest(?::text[]), 1
            ON CONFLICT (account_id) DO UPDATE SET last = n.last + 1 RETURNING account_id, last
            """)
        .param(accounts)
        .query(row -> {
          numbers.put(row.getString("account_id"), row.getInt("last"));
        });
    return numbers;
  }

  private Map<String, String> accountNames(String[] accounts) {
    Map<String, String> names = new HashMap<>();
    jdbc.sql(
            "SELECT account_id, name FROM compute.billable_account"
                + " WHERE account_id = ANY (?::text[])")
        .param(accounts)
        .query(row -> {
          names.put(row.getString("account_id"), row.getString("name"));
        });
    return names;
  }

  private Set<String> paidAhead(String[] accounts) {
    return new HashSet<>(
        jdbc.sql(
                "SELECT DISTINCT account_id FROM billing.credit WHERE account_id = ANY (?::text[])")
            .param(accounts)
            .query(String.class)
            .list());
  }

  private List<Credit.Draw> draws(InvoiceDraft draft, Instant now) {
    return Credit.draw(
        terms.credits(draft.accountId(), currency).stream()
            .map(TermsStore.Granted::credit)
            .toList(),
        draft.statement().total(),
        now);
  }

  private @Nullable Object[] head(
      InvoiceDraft draft,
      String accountName,
      int number,
      Period period,
      LogHead log,
      List<Credit.Draw> draws,
      Instant now) {
    Statement statement = draft.statement();
    BigDecimal credit =
        draws.stream()
            .map(Credit.Draw::amount)
            .reduce(BigDecimal.ZERO.setScale(statement.total().scale()), BigDecimal::add);
    return new @Nullable Object[] {
      draft.id(),
      draft.accountId(),
      accountName,
      number,
      SqlTime.in(period.start()),
      SqlTime.in(period.end()),
      currency,
      log.seq(),
      JSON.writeValueAsString(draft.terms()),
      statement.exactTotal(),
      statement.rounding(),
      statement.net(),
      statement.taxed().name(),
      statement.taxed().basisPoints(),
      statement.tax(),
      statement.total(),
      credit,
      statement.total().subtract(credit),
      JSON.writeValueAsString(InvoiceLines.subtotals(statement)),
      statement.lines().size(),
      digest(draft, period),
      SqlTime.in(now),
      SqlTime.in(now.plus(Duration.ofDays(draft.terms().paymentDays()))),
      HexFormat.of().parseHex(log.requireChain()),
      certificate(draft, number, period, log, credit),
      log.resourcesSeq(),
      parsed(log.resourcesChain())
    };
  }

  private static byte @Nullable [] parsed(@Nullable String hex) {
    return hex == null ? null : HexFormat.of().parseHex(hex);
  }

  private byte[] certificate(
      InvoiceDraft draft, int number, Period period, LogHead log, BigDecimal credit) {
    Statement statement = draft.statement();
    Certificate.Writer writer =
        new Certificate.Writer().head(draft.id(), number, draft.accountId(), period, currency, log);
    for (int i = 0; i < statement.lines().size(); i++) {
      Statement.Line line = statement.lines().get(i);
      String lineId = draft.lineIds().get(i);
      if (line.charge().of() instanceof Charge.Usage usage) {
        writer.line(InvoiceLines.line(lineId, line, usage, null, List.of()));
      } else {
        writer.adjustment(InvoiceLines.adjustment(lineId, line));
      }
    }
    return writer.sums(
        Money.text(statement.exactTotal()),
        Money.text(statement.rounding()),
        Money.text(statement.net()),
        Money.text(statement.tax()),
        Money.text(statement.total()),
        Money.text(credit),
        Money.text(statement.total().subtract(credit)));
  }

  /// Of all that decides the amounts, in the order of the lines.
  private static byte[] digest(InvoiceDraft draft, Period period) {
    Statement statement = draft.statement();
    MessageDigest digest = LineId.sha256();
    StringBuilder head = new StringBuilder();
    head.append(draft.accountId()).append('\n').append(period).append('\n');
    head.append(JSON.writeValueAsString(draft.terms())).append('\n');
    head.append(statement.taxed()).append('\n');
    digest.update(head.toString().getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < statement.lines().size(); i++) {
      String text =
          draft.lineIds().get(i) + ' ' + statement.lines().get(i).charge().parts().parts() + '\n';
      digest.update(text.getBytes(StandardCharsets.UTF_8));
    }
    return digest.digest();
  }

  /// How the resources are called now; what is another account's is not asked for.
  private Map<String, LineCopy.Name> names(List<InvoiceDraft> drafts, String[] accounts) {
    Map<String, LineCopy.Name> names = new HashMap<>();
    String[] resources =
        drafts.stream()
            .map(draft -> InvoiceQueries.resources(draft.statement()))
            .flatMap(java.util.Arrays::stream)
            .toArray(String[]::new);
    // Some thousand keys: the planner would read all instances there ever were instead.
    jdbc.sql("SET LOCAL enable_seqscan = off").update();
    Map<String, String> tags = tags(resources);
    jdbc.sql(
            """
            SELECT resource_id, account_id, name FROM compute.billable_resource
            WHERE account_id = ANY (?::text[]) AND resource_id = ANY (?::text[])
            """)
        .params(accounts, resources)
        .query(row -> {
          String id = row.getString(1);
          String account = row.getString(2);
          String tagged = tags.isEmpty() ? null : tags.get(account + "/" + id);
          names.put(
              id, new LineCopy.Name(account, row.getString(3), tagged == null ? "{}" : tagged));
        });
    return names;
  }

  /// By account and resource.
  private Map<String, String> tags(String[] resources) {
    Map<String, String> tags = new HashMap<>();
    jdbc.sql(
            """
            SELECT account_id || '/' || resource_id AS whose, jsonb_object_agg(key, value) AS tags
            FROM compute.billable_tag WHERE resource_id = ANY (?::text[])
            GROUP BY account_id, resource_id
            """)
        .param(resources)
        .query(row -> {
          tags.put(row.getString("whose"), row.getString("tags"));
        });
    return tags;
  }
}
