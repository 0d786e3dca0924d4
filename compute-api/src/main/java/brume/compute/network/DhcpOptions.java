package brume.compute.network;

import brume.compute.resource.Resource;
import java.time.Instant;
import java.util.List;

/// What hosts of a network are told when they ask by DHCP: kept and shown.
public record DhcpOptions(
    String id,
    String accountId,
    String region,
    List<Configuration> configurations,
    Instant createdAt)
    implements Resource {
  /// The cloud's own, which every network has that was given no others.
  public static final String USUAL = "dopt-00000000000000001";

  public DhcpOptions {
    configurations = List.copyOf(configurations);
  }

  /// An option and its values.
  public record Configuration(String key, List<String> values) {
    public Configuration {
      values = List.copyOf(values);
    }
  }

  public static DhcpOptions usual(String accountId, String region) {
    String domain = region.equals("us-east-1") ? "ec2.internal" : region + ".compute.internal";
    return new DhcpOptions(
        USUAL,
        accountId,
        region,
        List.of(
            new Configuration("domain-name", List.of(domain)),
            new Configuration("domain-name-servers", List.of("AmazonProvidedDNS"))),
        Instant.EPOCH);
  }
}
