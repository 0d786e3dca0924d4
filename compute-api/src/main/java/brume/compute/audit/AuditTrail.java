package brume.compute.audit;

import brume.compute.access.Action;
import brume.compute.access.Caller;
import brume.compute.access.TokenBuckets;
import brume.compute.refusal.Refusal;
import brume.contract.IdGenerator;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Writes the audit trail. What was done is written in the transaction that did it, so neither is
/// there without the other. What was refused is written by the door that refused it, at most some
/// in a second for one account: who only wants to fill the trail is not of interest.
@Component
public class AuditTrail {
  private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
  private static final int REFUSALS_PER_SECOND_MAX = 20;
  private static final int RESOURCES_LENGTH_MAX = 4000;
  private static final int DETAIL_LENGTH_MAX = 1000;

  private final TokenBuckets refusals = new TokenBuckets(System::nanoTime);
  private final JdbcClient database;
  private final IdGenerator ids;
  private final Clock clock;

  AuditTrail(JdbcClient database, IdGenerator ids, Clock clock) {
    this.database = database;
    this.ids = ids;
    this.clock = clock;
  }

  /// What one caller did, with the ids of what was changed or made.
  public record Deed(Caller caller, Action action, List<String> resources) {
    public Deed {
      resources = List.copyOf(resources);
    }

    private Entry entry() {
      String text = String.join(" ", resources);
      if (text.length() > RESOURCES_LENGTH_MAX) {
        text = text.substring(0, text.lastIndexOf(' ', RESOURCES_LENGTH_MAX));
      }
      return new Entry(caller, action, "done", null, null, text);
    }
  }

  private record Entry(
      Caller caller,
      Action action,
      String outcome,
      @Nullable String code,
      @Nullable String detail,
      String resources) {}

  /// @param resources the ids of what was changed or made
  @Transactional(propagation = Propagation.MANDATORY)
  public void done(Caller caller, Action action, List<String> resources) {
    done(List.of(new Deed(caller, action, resources)));
  }

  /// What several callers did in one transaction.
  @Transactional(propagation = Propagation.MANDATORY)
  public void done(List<Deed> deeds) {
    insert(deeds.stream().map(Deed::entry).toList());
    TransactionSynchronizationManager.registerSynchronization(new Said());
  }

  /// For a door that runs each action in a transaction: what its command has not said itself.
  @Transactional(propagation = Propagation.MANDATORY)
  public void doneUnlessSaid(Caller caller, Action action) {
    boolean said =
        TransactionSynchronizationManager.getSynchronizations().stream()
            .anyMatch(Said.class::isInstance);
    if (!said && !action.onlyLooks()) {
      done(caller, action, List.of());
    }
  }

  /// Marks the transaction in which an entry was written, and ends with it.
  private static final class Said implements TransactionSynchronization {}

  /// Notes that a change was refused; what only looks is not noted. It never fails the answer.
  public void refused(Caller caller, Action action, Refusal refusal) {
    if (action.onlyLooks() || refusals.take(caller.accountId(), REFUSALS_PER_SECOND_MAX) > 0) {
      return;
    }
    String detail = refusal.detail();
    if (detail.length() > DETAIL_LENGTH_MAX) {
      detail = detail.substring(0, DETAIL_LENGTH_MAX);
    }
    try {
      insert(List.of(new Entry(caller, action, "refused", refusal.code(), detail, "")));
    } catch (DataAccessException e) {
      LOG.warn("a refusal of {} is not in the audit trail: {}", action, e.getMessage());
    }
  }

  private void insert(List<Entry> entries) {
    Timestamp now = Timestamp.from(clock.instant());
    database
        .sql(
            """
            INSERT INTO compute.audit_entry (id, account_id, at, action, outcome, code, detail,
              resources, principal, user_id, from_address, request_id)
            SELECT u.id, u.account, :at, u.action, u.outcome, u.code, u.detail, u.resources,
              u.principal, u.user_id, u.from_address, u.request
            FROM unnest(:ids, :accounts, :actions, :outcomes, :codes, :details, :resources,
                :principals, :users, :from, :requests)
              AS u(id, account, action, outcome, code, detail, resources, principal, user_id,
                from_address, request)
            """)
        .param("at", now)
        .param("ids", column(entries, entry -> ids.next("aud-")))
        .param("accounts", column(entries, entry -> entry.caller().accountId()))
        .param("actions", column(entries, entry -> entry.action().name()))
        .param("outcomes", column(entries, Entry::outcome))
        .param("codes", column(entries, Entry::code))
        .param("details", column(entries, Entry::detail))
        .param("resources", column(entries, Entry::resources))
        .param("principals", column(entries, entry -> entry.caller().principal().id()))
        .param("users", column(entries, entry -> entry.caller().principal().userId()))
        .param("from", column(entries, entry -> entry.caller().from()))
        .param("requests", column(entries, entry -> entry.caller().requestId()))
        .update();
  }

  private static @Nullable String[] column(
      List<Entry> entries, Function<Entry, @Nullable String> value) {
    @Nullable String[] column = new String[entries.size()];
    for (int i = 0; i < column.length; i++) {
      column[i] = value.apply(entries.get(i));
    }
    return column;
  }
}
