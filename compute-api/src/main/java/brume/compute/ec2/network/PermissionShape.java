package brume.compute.ec2.network;

import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.NotHere;
import brume.compute.ec2.wire.Text;
import brume.compute.network.Cidr;
import brume.compute.network.SecurityGroupCommands.Wanted;
import brume.compute.network.SecurityGroupRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rules as permissions: all peers of the same traffic together, in requests and answers.
record PermissionShape(
    @Nullable String ipProtocol,
    @Nullable Integer fromPort,
    @Nullable Integer toPort,
    List<PeerShape> groups,
    List<RangeShape> ipRanges,
    List<Range6Shape> ipv6Ranges,
    List<PrefixShape> prefixListIds) {

  @NotHere({"VpcPeeringConnectionId", "PeeringStatus"})
  record PeerShape(
      @Nullable String groupId,
      @Nullable String groupName,
      @Nullable String userId,
      @Nullable String vpcId,
      @Nullable String description) {}

  record RangeShape(@Nullable String cidrIp, @Nullable String description) {}

  record Range6Shape(@Nullable String cidrIpv6, @Nullable String description) {}

  record PrefixShape(@Nullable String prefixListId, @Nullable String description) {}

  /// Finds a group's id by its name.
  interface Names {
    String id(String name);
  }

  private static final Map<String, String> PROTOCOLS =
      Map.of("6", "tcp", "17", "udp", "1", "icmp", "58", "icmpv6", "all", "-1");

  static List<Wanted> wanted(List<PermissionShape> permissions, String accountId, Names names) {
    List<Wanted> all = new ArrayList<>();
    for (PermissionShape permission : permissions) {
      permission.collect(all, accountId, names);
    }
    return all;
  }

  /// What was asked to be taken away and is not there, as it was understood.
  static List<PermissionShape> unknown(Ec2Call call, List<SecurityGroupRule.Traffic> traffic) {
    return of(
        traffic.stream()
            .map(one ->
                new SecurityGroupRule(
                    "",
                    call.accountId(),
                    call.regionName(),
                    "",
                    false,
                    one.protocol(),
                    one.fromPort(),
                    one.toPort(),
                    one.cidrIpv4(),
                    one.cidrIpv6(),
                    one.peerGroupId(),
                    null))
            .toList());
  }

  private void collect(List<Wanted> all, String accountId, Names names) {
    if (ipProtocol == null || ipProtocol.isEmpty()) {
      throw Ec2Fault.missing("IpPermissions.IpProtocol");
    }
    String protocol = protocol(ipProtocol);
    boolean ports = protocol.equals("tcp") || protocol.equals("udp") || protocol.startsWith("icmp");
    checkPorts(protocol);
    Integer from = ports ? fromPort : null;
    Integer to = ports ? toPort : null;
    if (!prefixListIds.isEmpty()) {
      throw Ec2Fault.unsupported("There are no prefix lists.");
    }
    int before = all.size();
    for (RangeShape range : ipRanges) {
      String text = String.valueOf(range.cidrIp());
      Cidr cidr =
          Cidr.parse(text)
              .orElseThrow(() ->
                  new Ec2Fault(
                      "InvalidParameterValue", "CIDR block " + Text.shown(text) + " is malformed"));
      all.add(wanted(protocol, from, to, cidr.toString(), null, null, range.description()));
    }
    for (Range6Shape range : ipv6Ranges) {
      String block = Blocks.canonical6("cidrIpv6", String.valueOf(range.cidrIpv6()));
      all.add(wanted(protocol, from, to, null, block, null, range.description()));
    }
    for (PeerShape peer : groups) {
      if (peer.userId() != null && !peer.userId().equals(accountId)) {
        throw Ec2Fault.unsupported("Security groups of other accounts can't be referred to.");
      }
      String id =
          peer.groupId() != null ? peer.groupId() : names.id(String.valueOf(peer.groupName()));
      all.add(wanted(protocol, from, to, null, null, id, peer.description()));
    }
    if (all.size() == before) {
      throw Ec2Fault.missing("IpPermissions.IpRanges");
    }
  }

  private static Wanted wanted(
      String protocol,
      @Nullable Integer from,
      @Nullable Integer to,
      @Nullable String cidr,
      @Nullable String cidr6,
      @Nullable String group,
      @Nullable String description) {
    if (description != null && description.length() > 255) {
      throw Ec2Fault.value("Description", description, "It may have 255 characters.");
    }
    return new Wanted(
        new SecurityGroupRule.Traffic(protocol, from, to, cidr, cidr6, group),
        description == null || description.isEmpty() ? null : description);
  }

  private static String protocol(String text) {
    String protocol = PROTOCOLS.getOrDefault(text, text.toLowerCase(Locale.ROOT));
    boolean known =
        List.of("tcp", "udp", "icmp", "icmpv6", "-1").contains(protocol)
            || (protocol.matches("[0-9]{1,3}") && Integer.parseInt(protocol) <= 255);
    if (!known) {
      throw new Ec2Fault(
          "InvalidPermission.Malformed", "Unsupported IP protocol \"" + Text.shown(text) + "\"");
    }
    return protocol;
  }

  private void checkPorts(String protocol) {
    if (!protocol.equals("tcp") && !protocol.equals("udp")) {
      return;
    }
    Integer from = fromPort;
    Integer to = toPort;
    if (from == null || to == null) {
      throw new Ec2Fault(
          "InvalidParameterValue",
          "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.");
    }
    if (from < 0 || to > 65_535 || from > to) {
      throw new Ec2Fault(
          "InvalidParameterValue",
          "Invalid value '" + from + "-" + to + "' for portRange: use 0 to 65535, the lower first");
    }
  }

  /// The rules of one direction, as EC2 groups them.
  static List<PermissionShape> of(List<SecurityGroupRule> rules) {
    record Key(String protocol, @Nullable Integer from, @Nullable Integer to) {}
    Map<Key, List<SecurityGroupRule>> byTraffic = new LinkedHashMap<>();
    for (SecurityGroupRule rule : rules) {
      byTraffic
          .computeIfAbsent(
              new Key(rule.protocol(), rule.fromPort(), rule.toPort()), key -> new ArrayList<>())
          .add(rule);
    }
    return byTraffic.entrySet().stream()
        .map(entry -> of(entry.getValue().getFirst(), entry.getValue()))
        .toList();
  }

  private static PermissionShape of(SecurityGroupRule first, List<SecurityGroupRule> rules) {
    return new PermissionShape(
        first.protocol(),
        first.fromPort(),
        first.toPort(),
        rules.stream()
            .filter(rule -> rule.peerGroupId() != null)
            .map(rule ->
                new PeerShape(rule.peerGroupId(), null, rule.accountId(), null, rule.description()))
            .toList(),
        rules.stream()
            .filter(rule -> rule.cidrIpv4() != null)
            .map(rule -> new RangeShape(rule.cidrIpv4(), rule.description()))
            .toList(),
        rules.stream()
            .filter(rule -> rule.cidrIpv6() != null)
            .map(rule -> new Range6Shape(rule.cidrIpv6(), rule.description()))
            .toList(),
        List.of());
  }
}
