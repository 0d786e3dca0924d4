package brume.compute;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What an operator may set, under `brume`.
///
/// @param bootstrap the first account's token and access key, for a database that has no account
///   yet
/// @param encryption what seals secrets that the database keeps
/// @param quota what a new account may hold
/// @param billing where the billing service is
/// @param scheduler where the scheduler is
/// @param node how long a node may take to answer before it counts as away
/// @param loopPeriod how often each loop looks without being told to
@ConfigurationProperties("brume")
public record ComputeApiSettings(
    @DefaultValue Bootstrap bootstrap,
    @DefaultValue Encryption encryption,
    @DefaultValue Quota quota,
    @DefaultValue Billing billing,
    @DefaultValue Scheduler scheduler,
    @DefaultValue Node node,
    @DefaultValue("1s") Duration loopPeriod) {

  public record Bootstrap(
      @Nullable String token, @Nullable String accessKeyId, @Nullable String secretAccessKey) {}

  /// @param keys each a random text of at least 32 characters: the first seals, all open
  public record Encryption(@DefaultValue List<String> keys) {}

  public record Quota(
      @DefaultValue("1000") int instancesMax,
      @DefaultValue("4000") int vcpuMax,
      @DefaultValue("4194304") long memoryMibMax,
      @DefaultValue("1000") int volumesMax,
      @DefaultValue("100") int addressesMax,
      @DefaultValue("2000") int requestsPerSecondMax) {}

  public record Billing(
      @DefaultValue("http://127.0.0.1:8082") URI url, @DefaultValue("30s") Duration timeout) {}

  public record Scheduler(
      @DefaultValue("http://127.0.0.1:8081") URI url, @DefaultValue("10s") Duration timeout) {}

  public record Node(
      @DefaultValue("1s") Duration connectTimeout, @DefaultValue("3s") Duration timeout) {}
}
