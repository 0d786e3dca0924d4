package brume.bench.doors;

import brume.bench.Report;
import brume.bench.Report.Better;
import brume.contract.CacheFolder;
import brume.db.EmbeddedPostgres;
import brume.standalone.Cloud;
import brume.standalone.CloudOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Both doors of a whole cloud in this process, on a database that survives a crash: launches that
/// were accepted, and pages out of 100,000 instances. The clients share the machine with the cloud.
public final class DoorBench {
  private static final int CLIENTS = 8;
  private static final int LAUNCHERS = 64;

  /// A new process compiles the services' code for half a minute.
  private static final Duration WARM = Duration.ofSeconds(25);

  private static final Duration LENGTH = Duration.ofSeconds(8);
  private static final double LAUNCHES_AIM = 1_000;
  private static final double LAUNCH_MILLIS_AIM = 100;
  private static final double PAGE_MILLIS_AIM = 20;

  private DoorBench() {}

  /// A run of all takes about four minutes, one of a single part about one.
  ///
  /// @param arguments `rest` or `ec2` for that door alone, `launches` or `pages` for these alone,
  ///   and how many runs
  public static void run(List<String> arguments) throws Exception {
    List<String> words = List.of("rest", "ec2", "launches", "pages");
    int runs = 1;
    for (String argument : arguments) {
      if (!words.contains(argument)) {
        runs = Integer.parseInt(argument);
      }
    }
    Path folder = Files.createTempDirectory("brume-bench");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (EmbeddedPostgres postgres =
        EmbeddedPostgres.start(
            folder.resolve("postgres"),
            CacheFolder.of(System.getenv()),
            EmbeddedPostgres.Durability.DURABLE)) {
      for (int run = 0; run < runs; run++) {
        once(folder.resolve("cloud-" + run), postgres, "bench_" + run, arguments);
      }
    }
  }

  /// Whether one of several words was chosen, as all are where none is.
  private static boolean isWanted(List<String> arguments, String word, String other) {
    return arguments.contains(word) || !arguments.contains(other);
  }

  private static void once(
      Path folder, EmbeddedPostgres postgres, String name, List<String> arguments)
      throws Exception {
    execute(postgres.url(), postgres.password(), "CREATE DATABASE " + name);
    String address =
        postgres
            .url(name)
            .replace("jdbc:", "")
            .replace("//", "//" + EmbeddedPostgres.OWNER + ":" + postgres.password() + "@");
    Map<String, String> settings =
        Map.of(
            "brume.node.hypervisor", "SIMULATED",
            "brume.quota.volumes-max", "10000000",
            "brume.node.vcpu", "4096",
            "brume.node.memory-mib", "1048576",
            "brume.quota.instances-max", "10000000",
            "brume.quota.vcpu-max", "10000000",
            "brume.quota.memory-mib-max", "10000000000",
            "brume.quota.requests-per-second-max", "1000000");
    try (Cloud cloud = Cloud.on(new CloudOptions(folder, 0, 1, address, settings)).start()) {
      Signature signature =
          new Signature(
              cloud.accessKeyId(), cloud.secretAccessKey(), "us-east-1", Clock.systemUTC());
      List<Door> doors = new ArrayList<>();
      if (isWanted(arguments, "rest", "ec2")) {
        doors.add(new Door.Rest(cloud.url(), cloud.token()));
      }
      if (isWanted(arguments, "ec2", "rest")) {
        doors.add(Door.Ec2.withSubnet(cloud.url(), signature));
      }
      if (isWanted(arguments, "launches", "pages")) {
        for (Door door : doors) {
          launches(door);
        }
      }
      if (isWanted(arguments, "pages", "launches")) {
        execute(postgres.url(name), postgres.password(), FILL, "ANALYZE");
        for (Door door : doors) {
          pages(door);
        }
      }
    }
  }

  private static void launches(Door door) throws Exception {
    Load.of(LAUNCHERS, WARM, door::launch);
    Load load = Load.of(LAUNCHERS, LENGTH, door::launch);
    Report.print(
        door + ": launches accepted", List.of(load.perSecond()), "/s", LAUNCHES_AIM, Better.MORE);
    System.out.printf("  median %.2f ms%n", load.quantile(0.5));
    Report.print(
        door + ": 99 of 100 launches within",
        List.of(load.quantile(0.99)),
        "ms",
        LAUNCH_MILLIS_AIM,
        Better.LESS);
  }

  private static void pages(Door door) throws Exception {
    Load.of(CLIENTS, WARM, door::page);
    page(door + ": 99 of 100 pages within", Load.of(CLIENTS, LENGTH, door::page));
    Load.of(CLIENTS, WARM, door::filteredPage);
    page(door + ": the same with filters", Load.of(CLIENTS, LENGTH, door::filteredPage));
  }

  private static void page(String what, Load load) {
    Report.print(what, List.of(load.quantile(0.99)), "ms", PAGE_MILLIS_AIM, Better.LESS);
    System.out.printf("  %.0f/s, median %.2f ms%n", load.perSecond(), load.quantile(0.5));
  }

  /// Stopped instances up to 100,000, one in a hundred with the tag that is looked for.
  private static final String FILL =
      """
      WITH made AS (
        INSERT INTO compute.instance (id, account_id, reservation_id, launch_index, image_id,
          instance_type, vcpu, memory_mib, baseline_percent, intent, created_at, intent_at)
        SELECT 'i-' || lpad(to_hex(n), 17, '0'), a.id, 'r-' || lpad(to_hex(n), 17, '0'), 0,
          'ami-00000000000000001', 'e1.nano', 1, 128, 5, 'STOP', now(), now()
        FROM generate_series(1, 100000 - (SELECT count(*) FROM compute.instance)) n,
          (SELECT min(id) AS id FROM compute.account) a
        RETURNING id, launch_index)
      INSERT INTO compute.instance_tag (instance_id, key, value)
      SELECT id, 'shard', (row_number() OVER () % 100)::text FROM made
      """;

  private static void execute(String url, String password, String... statements) throws Exception {
    try (Connection connection =
            DriverManager.getConnection(url, EmbeddedPostgres.OWNER, password);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
