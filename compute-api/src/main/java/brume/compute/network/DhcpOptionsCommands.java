package brume.compute.network;

import brume.compute.account.AccountStore;
import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import brume.compute.resource.Scope;
import brume.compute.resource.Tagged;
import brume.contract.IdGenerator;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Makes and deletes DHCP options, and says which network has which.
@Component
public class DhcpOptionsCommands {
  public static final int SETS_MAX = 100;
  private static final int VALUES_MAX = 4;

  /// RFC 2132's options that EC2 has.
  private static final List<String> KEYS =
      List.of(
          "domain-name-servers",
          "domain-name",
          "ntp-servers",
          "netbios-name-servers",
          "netbios-node-type",
          "ipv6-address-preferred-lease-time");

  private final NetworkTables tables;
  private final AccountStore accounts;
  private final IdGenerator ids;
  private final Clock clock;

  DhcpOptionsCommands(NetworkTables tables, AccountStore accounts, IdGenerator ids, Clock clock) {
    this.tables = tables;
    this.accounts = accounts;
    this.ids = ids;
    this.clock = clock;
  }

  @Transactional
  public Tagged<DhcpOptions> create(
      Scope scope, List<DhcpOptions.Configuration> configurations, Map<String, String> tags) {
    accounts.lock(scope.accountId());
    for (DhcpOptions.Configuration one : configurations) {
      if (!KEYS.contains(one.key())) {
        throw Refused.invalid(
            "DhcpConfiguration.Key",
            "Value ("
                + Fields.shown(one.key())
                + ") for parameter value is invalid. Unknown DHCP option: there are "
                + String.join(", ", KEYS));
      }
      if (one.values().isEmpty() || one.values().size() > VALUES_MAX) {
        throw Refused.invalid(
            "DhcpConfiguration.Value", one.key() + " must have 1 to " + VALUES_MAX + " values");
      }
      one.values().forEach(value -> Fields.text("DhcpConfiguration.Value", value, 1, 255));
    }
    if (tables.dhcpOptions.count(scope) >= SETS_MAX) {
      throw Refused.conflict(
          "dhcp_options_limit_exceeded",
          "The maximum number of DHCP options has been reached: " + SETS_MAX);
    }
    return tables.dhcpOptions.insert(
        new DhcpOptions(
            ids.next("dopt-"), scope.accountId(), scope.region(), configurations, clock.instant()),
        tags);
  }

  @Transactional
  public void delete(Scope scope, String id) {
    accounts.lock(scope.accountId());
    DhcpOptions options = tables.dhcpOptions.require(scope, id);
    if (!tables.vpcs.where(scope, "dhcp_options_id = ?", id).isEmpty()) {
      throw Refused.conflict(
          "dependency_violation",
          "The dhcpOptions '" + id + "' has dependencies and cannot be deleted.");
    }
    tables.dhcpOptions.delete(options);
  }

  /// @param id `default` for the cloud's own
  @Transactional
  public void associate(Scope scope, String id, String vpcId) {
    accounts.lock(scope.accountId());
    @Nullable String chosen =
        id.equals("default") || id.equals(DhcpOptions.USUAL)
            ? null
            : tables.dhcpOptions.require(scope, id).id();
    Vpc vpc = tables.vpcs.require(scope, vpcId);
    tables.vpcs.update(vpc.withDhcpOptions(chosen));
  }
}
