package brume.compute.instance;

import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The rows of launches as columns: three statements write them, however many they are.
final class LaunchRows {
  /// An instance with the launch it belongs to.
  ///
  /// @param index among all rows
  /// @param number within its launch
  private record Row(
      InstanceStore.Launching of, InstanceStore.NewInstance instance, int index, int number) {
    InstanceStore.Launch launch() {
      return of.launch();
    }
  }

  private final List<Row> rows;

  private LaunchRows(List<Row> rows) {
    this.rows = rows;
  }

  static LaunchRows of(List<InstanceStore.Launching> launches) {
    List<Row> rows = new ArrayList<>();
    for (InstanceStore.Launching launching : launches) {
      int number = 0;
      for (InstanceStore.NewInstance instance : launching.instances()) {
        rows.add(new Row(launching, instance, rows.size(), number++));
      }
    }
    return new LaunchRows(rows);
  }

  void insert(JdbcClient database) {
    database
        .sql(
            """
            INSERT INTO compute.instance
              (id, account_id, reservation_id, launch_index, name, image_id, instance_type, vcpu,
               memory_mib, baseline_percent, zone, user_data, region, intent, created_at, intent_at)
            SELECT u.id, u.account, u.reservation, u.n, u.name, u.image, u.type, u.vcpu, u.memory,
                   u.baseline, u.zone, decode(u.data, 'base64'), u.region, 'RUN', u.at, u.at
            FROM unnest(:ids, :accounts, :reservations, :numbers, :names, :images, :types, :vcpus,
                :memories, :baselines, :zones, :data, :regions, :at::timestamptz[])
              AS u(id, account, reservation, n, name, image, type, vcpu, memory, baseline, zone,
                data, region, at)
            """)
        .param("ids", ids())
        .param("accounts", texts(row -> row.launch().accountId()))
        .param("reservations", texts(row -> row.launch().reservationId()))
        .param("numbers", numbers(Row::number))
        .param("names", texts(row -> row.instance().name()))
        .param("images", texts(row -> row.launch().imageId()))
        .param("types", texts(row -> row.launch().type()))
        .param("vcpus", numbers(row -> row.launch().vcpu()))
        .param("memories", numbers(row -> row.launch().memoryMib()))
        .param("baselines", numbers(row -> row.launch().baselinePercent()))
        .param("zones", texts(row -> row.launch().wanted().zone()))
        .param("data", texts(row -> row.launch().wanted().userData()))
        .param("regions", texts(row -> row.launch().region()))
        .param("at", times())
        .update();
    insertTags(database);
    database
        .sql(
            """
            INSERT INTO compute.intent_change
              (instance_id, generation, intent, principal, request_id, at)
            SELECT u.id, 1, 'RUN', u.principal, u.request, u.at
            FROM unnest(:ids, :principals, :requests, :at::timestamptz[])
              AS u(id, principal, request, at)
            """)
        .param("ids", ids())
        .param("principals", texts(row -> row.of().by().principal()))
        .param("requests", texts(row -> row.of().by().requestId()))
        .param("at", times())
        .update();
  }

  private void insertTags(JdbcClient database) {
    List<String> ids = new ArrayList<>();
    List<String> keys = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (Row row : rows) {
      row.launch()
          .wanted()
          .tags()
          .forEach((key, value) -> {
            ids.add(row.instance().id());
            keys.add(key);
            values.add(value);
          });
    }
    if (ids.isEmpty()) {
      return;
    }
    database
        .sql(
            "INSERT INTO compute.instance_tag (instance_id, key, value)"
                + " SELECT * FROM unnest(:ids, :keys, :values)")
        .param("ids", ids.toArray(String[]::new))
        .param("keys", keys.toArray(String[]::new))
        .param("values", values.toArray(String[]::new))
        .update();
  }

  private @Nullable String[] ids() {
    return texts(row -> row.instance().id());
  }

  private @Nullable String[] texts(Function<Row, @Nullable String> value) {
    @Nullable String[] column = new String[rows.size()];
    rows.forEach(row -> column[row.index()] = value.apply(row));
    return column;
  }

  private Integer[] numbers(ToIntFunction<Row> value) {
    return rows.stream().map(value::applyAsInt).toArray(Integer[]::new);
  }

  private Timestamp[] times() {
    return rows.stream().map(row -> Timestamp.from(row.launch().at())).toArray(Timestamp[]::new);
  }
}
