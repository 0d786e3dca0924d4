package brume.node;

import brume.contract.Checks;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What an operator says about one node, as `brume.node.*`.
///
/// @param schedulerUrl such as `http://127.0.0.1:8081`
/// @param joinToken needed once; the credential it is changed for is kept in `dataDir`
/// @param vcpu what the node offers; the processors times `vcpuOvercommit` where it is not given
/// @param memoryMib what the node offers; 60 % of the host's where it is not given
/// @param memoryReserveMib what stays free on the host whatever is offered
/// @param address where compute-api reaches this node; this host's own loopback where not given
/// @param stopGrace how long a guest may take to power off when it is asked
/// @param shutdownGrace the same when the agent itself is shut down
/// @param consoleKept how long the console of a VM that ended can be read here
/// @param pollWait how long a poll of the scheduler waits at most
/// @param hypervisor what runs the guests
@ConfigurationProperties("brume.node")
public record NodeSettings(
    String name,
    @DefaultValue("a") String zone,
    URI schedulerUrl,
    @Nullable String joinToken,
    Path dataDir,
    @Nullable Integer vcpu,
    @DefaultValue("4") int vcpuOvercommit,
    @Nullable Integer memoryMib,
    @DefaultValue("512") int memoryReserveMib,
    @Nullable String address,
    @DefaultValue("10s") Duration stopGrace,
    @DefaultValue("4s") Duration shutdownGrace,
    @DefaultValue("5m") Duration consoleKept,
    @DefaultValue("3s") Duration pollWait,
    @DefaultValue("200ms") Duration retryLeast,
    @DefaultValue("2s") Duration retryMost,
    @DefaultValue("EMULATOR") Driver hypervisor) {

  static final int VCPU_MAX = 4_096;
  static final int MEMORY_MIB_MAX = 16 << 20;

  /// Which driver runs the guests.
  public enum Driver {
    /// Real guests, in the emulator of this process.
    EMULATOR,
    /// Nothing runs: for tests of scale.
    SIMULATED
  }

  public NodeSettings {
    String scheme = String.valueOf(schedulerUrl.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException(
          "brume.node.scheduler-url must begin with http:// or https://, not " + schedulerUrl);
    }
    Checks.range("brume.node.vcpu", vcpu == null ? 1 : vcpu, 1, VCPU_MAX);
    Checks.range("brume.node.vcpu-overcommit", vcpuOvercommit, 1, 64);
    Checks.range("brume.node.memory-mib", memoryMib == null ? 1 : memoryMib, 1, MEMORY_MIB_MAX);
    Checks.range("brume.node.memory-reserve-mib", memoryReserveMib, 0, 1 << 30);
    millis("stop-grace", stopGrace, 0);
    millis("shutdown-grace", shutdownGrace, 0);
    millis("console-kept", consoleKept, 0);
    millis("poll-wait", pollWait, 0);
    long least = millis("retry-least", retryLeast, 1);
    millis("retry-most", retryMost, least);
  }

  private static long millis(String name, Duration value, long least) {
    return Checks.range(
        "milliseconds of brume.node." + name,
        value.toMillis(),
        least,
        Duration.ofHours(1).toMillis());
  }
}
