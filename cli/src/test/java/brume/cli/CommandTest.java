package brume.cli;

import static org.assertj.core.api.Assertions.assertThat;

import brume.cli.process.Surroundings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// What tests of commands share: a cloud held to the contract, a clock that stands, and what was
/// printed. Every request of every test is in the contract.
abstract class CommandTest {
  static final String ID = "i-0191a2b3c4d5e6f70";
  static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir Path folder;

  final Map<String, String> environment = new LinkedHashMap<>();
  final List<Duration> pauses = new ArrayList<>();
  ContractCloud cloud;
  Surroundings.Terminals terminals = Surroundings.Terminals.NONE;
  InputStream in = InputStream.nullInputStream();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  final void open() throws IOException {
    cloud = new ContractCloud();
    environment.put("BRUME_URL", cloud.url());
    environment.put("BRUME_TOKEN", "brume_secret");
    environment.put("BRUME_CONFIG", folder.resolve("config").toString());
  }

  @AfterEach
  final void close() {
    cloud.close();
    assertThat(cloud.faults()).isEmpty();
  }

  /// Runs one command; what it prints replaces what the one before printed.
  final int brume(String... arguments) {
    out.reset();
    err.reset();
    return Brume.execute(
        new Surroundings(
            in,
            new PrintWriter(out, false, StandardCharsets.UTF_8),
            out,
            new PrintWriter(err, true, StandardCharsets.UTF_8),
            environment,
            Clock.fixed(NOW, ZoneOffset.UTC),
            new Random(1),
            terminals,
            pauses::add),
        arguments);
  }

  final String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  final String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  final void typed(String text) {
    in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  static Map<String, Object> instance(String state, Object... fields) {
    Map<String, Object> instance =
        ContractCloud.made(
            "Instance",
            "id",
            ID,
            "name",
            "web",
            "state",
            state,
            "imageName",
            "debian-micro",
            "type",
            "e1.micro",
            "vcpu",
            1,
            "memoryMib",
            256,
            "tags",
            Map.of("team", "red"),
            "zone",
            "a",
            "createdAt",
            "2026-11-22T11:58:30Z");
    for (int i = 0; i < fields.length; i += 2) {
      if (fields[i + 1].equals("")) {
        instance.remove(fields[i].toString());
      } else {
        instance.put(fields[i].toString(), fields[i + 1]);
      }
    }
    return instance;
  }

  static Map<String, Object> running() {
    return instance("running", "runningSince", "2026-11-22T11:59:00Z");
  }

  static Map<String, Object> reason(String code, String message) {
    return Map.of("code", code, "message", message);
  }
}
