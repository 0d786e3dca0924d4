package brume.compute.instance;

import brume.compute.web.Paging;
import brume.contract.InstanceState;
import brume.contract.Intent;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/// Instances in the database: the only writer of `compute.instance` and what hangs on it.
@Component
public class InstanceStore {
  /// A row as a launch makes it.
  record NewInstance(String id, @Nullable String name) {}

  /// What all rows of a launch have in common.
  ///
  /// @param at to the microsecond, as the database keeps it
  record Launch(
      String accountId,
      String reservationId,
      String imageId,
      String imageName,
      String type,
      int vcpu,
      int memoryMib,
      int baselinePercent,
      RunInstances wanted,
      String region,
      Instant at) {}

  /// Who changed an intent, in what request.
  record ChangedBy(String principal, String requestId) {}

  /// Where instances are that are launched without a region: the table's default.
  static final String REGION = "us-east-1";

  private final JdbcClient database;
  private final InstanceRows rows;

  InstanceStore(JdbcClient database, JsonMapper json) {
    this.database = database;
    this.rows = new InstanceRows(json);
  }

  /// One of several launches that are written together.
  record Launching(Launch launch, List<NewInstance> instances, ChangedBy by) {
    Launching {
      instances = List.copyOf(instances);
    }
  }

  /// @return what a read would give, launch by launch; as nobody else knows of them yet, none is
  ///   needed
  @Transactional(propagation = Propagation.MANDATORY)
  public List<List<Instance>> insert(List<Launching> launches) {
    LaunchRows rowsOfAll = LaunchRows.of(launches);
    rowsOfAll.insert(database);
    hint();
    return launches.stream()
        .map(one ->
            IntStream.range(0, one.instances().size())
                .mapToObj(index -> asLaunched(one.launch(), index, one.instances().get(index)))
                .toList())
        .toList();
  }

  private static Instance asLaunched(Launch launch, int index, NewInstance instance) {
    return new Instance(
        instance.id(),
        launch.accountId(),
        launch.reservationId(),
        index,
        instance.name(),
        launch.imageId(),
        launch.imageName(),
        launch.type(),
        launch.vcpu(),
        launch.memoryMib(),
        launch.wanted().zone(),
        launch.wanted().tags(),
        Intent.RUN,
        IntentCause.USER,
        null,
        1,
        false,
        false,
        launch.at(),
        launch.at(),
        null,
        null,
        null,
        REGION);
  }

  /// Locks the instance to the end of the transaction.
  @Transactional(propagation = Propagation.MANDATORY)
  public Optional<Instance> lock(String accountId, String id) {
    return database
            .sql("SELECT id FROM compute.instance WHERE id = ? AND account_id = ? FOR UPDATE")
            .params(id, accountId)
            .query(String.class)
            .optional()
            .isEmpty()
        ? Optional.empty()
        : find(accountId, id);
  }

  /// Gives the instance another intent, a generation later; nothing where its generation is no
  /// longer the one that was decided on.
  ///
  /// @return whether it was changed
  @Transactional(propagation = Propagation.MANDATORY)
  public boolean change(
      String id,
      long generation,
      Intent intent,
      IntentCause cause,
      @Nullable String reason,
      ChangedBy by,
      Instant at) {
    int changed =
        database
            .sql(
                """
                UPDATE compute.instance
                SET intent = :intent, generation = generation + 1, intent_cause = :cause,
                    intent_reason = :reason, intent_at = :at, version = version + 1,
                    unplaced = :intent <> 'RUN' AND NOT coalesce((
                      SELECT coalesce(f.vm_state NOT IN ('GONE', 'FAILED'), f.allocated)
                      FROM scheduling.instance_fact f WHERE f.instance_id = :id LIMIT 1), false)
                WHERE id = :id AND generation = :generation AND intent <> 'TERMINATE'
                """)
            .param("intent", intent.name())
            .param("cause", cause.name())
            .param("reason", reason, Types.VARCHAR)
            .param("at", Timestamp.from(at))
            .param("id", id)
            .param("generation", generation)
            .update();
    if (changed == 0) {
      return false;
    }
    database
        .sql(
            """
            INSERT INTO compute.intent_change (instance_id, generation, intent, principal, request_id, at)
            VALUES (?, ?, ?, ?, ?, ?)
            """)
        .params(
            id, generation + 1, intent.name(), by.principal(), by.requestId(), Timestamp.from(at))
        .update();
    hint();
    return true;
  }

  @Transactional(propagation = Propagation.MANDATORY)
  public void countReboot(String id) {
    database
        .sql(
            "UPDATE compute.instance SET reboots = reboots + 1, version = version + 1"
                + " WHERE id = ?")
        .param(id)
        .update();
    hint();
  }

  /// Whether it was launched to be terminated when its guest shuts down.
  public boolean endsWithItsGuest(String id) {
    return database
        .sql(
            "SELECT EXISTS (SELECT FROM compute.instance_option"
                + " WHERE instance_id = ? AND shutdown_behavior = 'terminate')")
        .param(id)
        .query(Boolean.class)
        .single();
  }

  /// Instances whose guest ended the run that is still wanted, oldest first.
  public List<Instance> endedByGuest(int most) {
    return database
        .sql(
            InstanceRows.SELECT.replace(
                    "FROM compute.instance i",
                    "FROM scheduling.guest_end g JOIN compute.instance i"
                        + " ON i.id = g.instance_id AND i.generation = g.generation")
                + """
                WHERE i.intent = 'RUN' AND f.epoch = g.epoch
                ORDER BY i.id LIMIT :most
                """)
        .param("most", most)
        .query(rows)
        .list();
  }

  /// Marks what was told to terminate and holds nothing any more.
  ///
  /// @param before only what was told before this: a scheduler that read the older intent may be
  ///   about to commit a placement, which must not be for an instance that it can no longer see
  @Transactional
  public int markTerminated(Instant before, int most) {
    return database
        .sql(
            """
            UPDATE compute.instance SET terminated_at = done.at, version = version + 1
            FROM (
              SELECT i.id AS done_id, greatest(i.intent_at, f.ended_at) AS at
              FROM compute.instance i
            """
                + InstanceRows.FACT
                + """
                  WHERE i.intent = 'TERMINATE' AND i.terminated_at IS NULL AND i.intent_at < :before
                    AND NOT coalesce(f.allocated, false)
                    AND coalesce(f.vm_state IN ('GONE', 'FAILED'), true)
                  ORDER BY i.id LIMIT :most) done
                WHERE id = done.done_id AND terminated_at IS NULL
                """)
        .param("before", Timestamp.from(before))
        .param("most", most)
        .update();
  }

  /// Counts what users changed of it.
  long version(String id) {
    return database
        .sql("SELECT version FROM compute.instance WHERE id = ?")
        .param(id)
        .query(Long.class)
        .single();
  }

  public Optional<Instance> find(String accountId, String id) {
    return database
        .sql(InstanceRows.SELECT + " WHERE i.id = :id AND i.account_id = :account")
        .param("id", id)
        .param("account", accountId)
        .query(rows)
        .optional();
  }

  /// The length of the page stands in the statement itself: to a plan that is made for every length
  /// a page would be a tenth of the account, so it would be planned anew each time, for as long as
  /// it takes to read.
  List<Instance> list(String accountId, InstanceFilter filter, Paging paging) {
    List<String> conditions = new ArrayList<>();
    conditions.add("i.account_id = :account");
    if (paging.after() != null) {
      conditions.add("i.id < :after");
    }
    if (!filter.states().isEmpty()) {
      conditions.add(intents(filter.states()));
    }
    InstanceConditions filtering = new InstanceConditions(filter);
    conditions.addAll(filtering.all());
    return filtering
        .bind(
            database
                .sql(
                    InstanceRows.SELECT
                        + " WHERE "
                        + String.join(" AND ", conditions)
                        + " ORDER BY i.id DESC LIMIT "
                        + paging.oneMore())
                .param("account", accountId)
                .param("after", paging.after()))
        .query(rows)
        .list();
  }

  /// What the states say of the intent, as a plain condition: the dead, who are most of an old
  /// account's instances, are then passed by without a look at their facts.
  private static String intents(Set<InstanceState> states) {
    Set<Intent> intents = EnumSet.noneOf(Intent.class);
    for (InstanceState state : states) {
      switch (state) {
        case PENDING, RUNNING -> intents.add(Intent.RUN);
        case STOPPING, STOPPED -> {
          intents.add(Intent.STOP);
          intents.add(Intent.HIBERNATE);
        }
        case SHUTTING_DOWN, TERMINATED -> intents.add(Intent.TERMINATE);
      }
    }
    String list =
        intents.stream()
            .map(intent -> "'" + intent.name().toUpperCase(Locale.ROOT) + "'")
            .collect(Collectors.joining(", "));
    String alive = intents.contains(Intent.TERMINATE) ? "" : " AND i.intent <> 'TERMINATE'";
    return "i.intent IN (" + list + ")" + alive;
  }

  private void hint() {
    database.sql("SELECT pg_notify('brume_intent', '')").query(row -> {});
  }
}
