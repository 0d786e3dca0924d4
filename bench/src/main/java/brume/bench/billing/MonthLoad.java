package brume.bench.billing;

import brume.billing.meter.LogChain;
import brume.billing.meter.Transition;
import brume.contract.VmState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/// Puts a month into the database as the services would have left it: accounts, instances, the log,
/// the usage metered from it, and the meter's place with the chain's head. Indexes and constraints
/// are made after the rows, as that is quicker, and so checked all the same.
final class MonthLoad {
  private final DataSource owner;
  private final JdbcTemplate jdbc;

  MonthLoad(DataSource owner) {
    this.owner = owner;
    this.jdbc = new JdbcTemplate(owner);
  }

  private record Index(String table, String name, String definition, boolean constraint) {
    String drop() {
      return constraint
          ? "ALTER TABLE " + table + " DROP CONSTRAINT " + name
          : "DROP INDEX " + table.substring(0, table.indexOf('.')) + "." + name;
    }

    String make() {
      return constraint
          ? "ALTER TABLE " + table + " ADD CONSTRAINT " + name + " " + definition
          : definition;
    }
  }

  void load(MonthLog month, int accounts, Instant createdAt) throws SQLException, IOException {
    jdbc.update(
        """
        INSERT INTO compute.account (id, name, instances_max, vcpu_max, memory_mib_max, created_at)
        SELECT (100000000000 + n)::text, 'Account ' || n, 1000000, 1000000, 100000000, ?::timestamptz
        FROM generate_series(0, ? - 1) n
        """,
        createdAt.toString(),
        accounts);
    jdbc.queryForList("SELECT billing.make_usage_month(?::date)", createdAt.toString());
    List<Index> indexes = new ArrayList<>();
    indexes.addAll(indexes("scheduling.transition"));
    indexes.addAll(indexes("billing.usage"));
    indexes.forEach(index -> jdbc.execute(index.drop()));
    write(month);
    for (Index index : indexes) {
      jdbc.execute((Connection connection) -> {
        try (Statement statement = connection.createStatement()) {
          statement.execute("SET maintenance_work_mem = '1GB'");
          return statement.execute(index.make());
        }
      });
    }
    // As the database does by itself some time after so many rows have come.
    jdbc.execute(
        "VACUUM (ANALYZE) scheduling.transition, billing.usage, compute.instance, compute.account");
    jdbc.execute("CHECKPOINT");
  }

  private List<Index> indexes(String table) {
    List<Index> all =
        new ArrayList<>(
            jdbc.query(
                """
                SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
                WHERE conrelid = ?::regclass AND contype IN ('p', 'u', 'x')
                ORDER BY contype DESC
                """,
                (row, index) -> new Index(table, row.getString(1), row.getString(2), true),
                table));
    all.addAll(
        jdbc.query(
            """
            SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i
            JOIN pg_class c ON c.oid = i.indexrelid
            WHERE i.indrelid = ?::regclass
              AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = i.indexrelid)
            """,
            // On its parts as well, where it is a table of parts.
            (row, index) ->
                new Index(
                    table, row.getString(1), row.getString(2).replace(" ON ONLY ", " ON "), false),
            table));
    return all;
  }

  private void write(MonthLog month) throws SQLException, IOException {
    LogChain chain = LogChain.empty();
    try (Connection first = connect();
        Connection second = connect();
        Connection third = connect();
        CopyRows log =
            new CopyRows(
                first,
                "scheduling.transition (seq, instance_id, epoch, generation, account_id,"
                    + " instance_type, node_id, state, at, recorded_at)");
        CopyRows usage =
            new CopyRows(
                second,
                "billing.usage (resource_id, meter, account_id, sku, epoch, run_started_at,"
                    + " started_at, ended_at, ends_run, closed_by, opened_seq, closed_seq, month)");
        CopyRows instances =
            new CopyRows(
                third,
                "compute.instance (id, account_id, reservation_id, launch_index, name, image_id,"
                    + " instance_type, vcpu, memory_mib, baseline_percent, intent, created_at,"
                    + " intent_at, terminated_at)")) {
      month.generate(new Writer(log, usage, instances, chain));
    }
    jdbc.update(
        "UPDATE billing.meter_cursor SET seq = ?, chain = ? WHERE log = 'instances'",
        month.seq(),
        chain.head());
    jdbc.update("UPDATE scheduling.transition_head SET seq = ?", month.seq());
  }

  /// Triggers and foreign keys rest: what is written is what they would have let through.
  private Connection connect() throws SQLException {
    Connection connection = owner.getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET session_replication_role = replica");
    }
    return connection;
  }

  private record Writer(CopyRows log, CopyRows usage, CopyRows instances, LogChain chain)
      implements MonthLog.Listener {
    @Override
    public void born(int number, String id, String account, String type, Instant at) {
      try {
        instances
            .row(14)
            .text(id)
            .text(account)
            .text("r-%017x".formatted(number))
            .integer(0)
            .text("worker-" + number)
            .text("img-00000000000000001")
            .text(type)
            .integer(1)
            .integer(1024)
            .integer(100)
            .text("TERMINATE")
            .time(at.toEpochMilli())
            .time(at.toEpochMilli())
            .time(at.toEpochMilli());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void turned(long seq, MonthLog.Life life, boolean on, long at) {
      VmState state = on ? VmState.RUNNING : VmState.GONE;
      chain.add(
          new Transition(
              seq, life.id, life.epoch, life.account, life.type, state, Instant.ofEpochMilli(at)));
      try {
        log.row(10)
            .bigint(seq)
            .text(life.id)
            .bigint(life.epoch)
            .bigint(1)
            .text(life.account)
            .text(life.type)
            .text("node-00000000000000001")
            .text(state.name())
            .time(at)
            .time(at);
        if (!on) {
          long start = Math.floorDiv(life.startedAt, 1000) * 1000;
          usage
              .row(13)
              .text(life.id)
              .text("instance-seconds")
              .text(life.account)
              .text(life.type)
              .bigint(life.epoch)
              .time(start)
              .time(start)
              .time(Math.floorDiv(at, 1000) * 1000)
              .bool(true)
              .text(state.name())
              .bigint(life.startedSeq)
              .bigint(seq)
              .month(start);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
