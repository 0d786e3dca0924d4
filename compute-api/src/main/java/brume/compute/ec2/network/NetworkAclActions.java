package brume.compute.ec2.network;

import brume.compute.ec2.Done;
import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.filter.Filter;
import brume.compute.ec2.filter.Filters;
import brume.compute.ec2.filter.Listing;
import brume.compute.ec2.filter.Pages;
import brume.compute.ec2.shape.Tag;
import brume.compute.ec2.shape.TagSpecification;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.Once;
import brume.compute.ec2.wire.Required;
import brume.compute.ec2.wire.Spread;
import brume.compute.ec2.wire.Text;
import brume.compute.network.Cidr;
import brume.compute.network.NetworkAcl;
import brume.compute.network.NetworkAcl.Entry;
import brume.compute.network.NetworkAclCommands;
import brume.compute.network.NetworkTables;
import brume.compute.resource.Tagged;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// CreateNetworkAcl, Delete- and DescribeNetworkAcl(s), Create-, Replace- and
/// DeleteNetworkAclEntry, ReplaceNetworkAclAssociation.
@Component
class NetworkAclActions implements Ec2Actions {
  private final NetworkTables tables;
  private final NetworkAclCommands commands;
  private final Defaults defaults;

  NetworkAclActions(NetworkTables tables, NetworkAclCommands commands, Defaults defaults) {
    this.tables = tables;
    this.commands = commands;
    this.defaults = defaults;
  }

  record AssociationShape(String networkAclAssociationId, String networkAclId, String subnetId) {}

  record IcmpAnswer(@Nullable Integer code, @Nullable Integer type) {}

  record PortsAnswer(@Nullable Integer from, @Nullable Integer to) {}

  record EntryShape(
      @Nullable String cidrBlock,
      @Nullable String ipv6CidrBlock,
      boolean egress,
      @Nullable IcmpAnswer icmpTypeCode,
      @Nullable PortsAnswer portRange,
      String protocol,
      String ruleAction,
      int ruleNumber) {
    static EntryShape of(Entry entry) {
      boolean icmp = entry.icmpType() != null || entry.icmpCode() != null;
      boolean ports = entry.fromPort() != null || entry.toPort() != null;
      return new EntryShape(
          entry.cidr(),
          entry.cidr6(),
          entry.egress(),
          icmp ? new IcmpAnswer(entry.icmpCode(), entry.icmpType()) : null,
          ports ? new PortsAnswer(entry.fromPort(), entry.toPort()) : null,
          entry.protocol(),
          entry.allow() ? "allow" : "deny",
          entry.number());
    }
  }

  record AclShape(
      String networkAclId,
      String vpcId,
      @brume.compute.ec2.wire.WireName("default") boolean isDefault,
      List<EntryShape> entrySet,
      List<AssociationShape> associationSet,
      String ownerId,
      List<Tag> tagSet) {}

  /// What is shown of a list: its entries, and for each direction the last, which denies the rest.
  private static List<Entry> entries(NetworkAcl acl) {
    List<Entry> all = new ArrayList<>(acl.entries());
    all.add(Entry.ofAll(NetworkAcl.LAST_NUMBER, true, false));
    all.add(Entry.ofAll(NetworkAcl.LAST_NUMBER, false, false));
    all.sort(
        Comparator.comparing((Entry entry) -> !entry.egress()).thenComparingInt(Entry::number));
    return all;
  }

  private static AclShape shape(
      Tagged<NetworkAcl> tagged, List<NetworkAcl.Association> associations) {
    NetworkAcl acl = tagged.row();
    return new AclShape(
        acl.id(),
        acl.vpcId(),
        acl.isDefault(),
        entries(acl).stream().map(EntryShape::of).toList(),
        associations.stream()
            .map(one -> new AssociationShape(one.id(), one.networkAclId(), one.subnetId()))
            .toList(),
        acl.accountId(),
        Tag.of(tagged.tags()));
  }

  record CreateNetworkAcl(
      @Required String vpcId,
      @Once @Nullable String clientToken,
      List<TagSpecification> tagSpecification) {}

  record CreateNetworkAclAnswer(AclShape networkAcl, @Nullable String clientToken) {}

  public CreateNetworkAclAnswer createNetworkAcl(Ec2Call call, CreateNetworkAcl request) {
    Tagged<NetworkAcl> made =
        commands.create(
            call.scope(),
            request.vpcId(),
            TagSpecification.of("network-acl", request.tagSpecification()));
    return new CreateNetworkAclAnswer(shape(made, List.of()), request.clientToken());
  }

  record DeleteNetworkAcl(@Required String networkAclId) {}

  public Done deleteNetworkAcl(Ec2Call call, DeleteNetworkAcl request) {
    commands.delete(call.scope(), request.networkAclId());
    return Done.TRUE;
  }

  record IcmpShape(@Nullable Integer code, @Nullable Integer type) {}

  record PortsShape(@Nullable Integer from, @Nullable Integer to) {}

  record EntryWanted(
      @Required String networkAclId,
      @Required Integer ruleNumber,
      @Required String protocol,
      @Required String ruleAction,
      @Required Boolean egress,
      @Nullable String cidrBlock,
      @Nullable String ipv6CidrBlock,
      @Nullable IcmpShape icmp,
      @Nullable PortsShape portRange) {}

  /// Both actions ask for the same.
  record PutEntry(@Spread EntryWanted entry) {}

  public Done createNetworkAclEntry(Ec2Call call, PutEntry request) {
    commands.put(call.scope(), request.entry().networkAclId(), entry(request.entry()), false);
    return Done.TRUE;
  }

  public Done replaceNetworkAclEntry(Ec2Call call, PutEntry request) {
    commands.put(call.scope(), request.entry().networkAclId(), entry(request.entry()), true);
    return Done.TRUE;
  }

  private static final Map<String, String> PROTOCOLS =
      Map.of("tcp", "6", "udp", "17", "icmp", "1", "icmpv6", "58", "all", "-1");

  private static Entry entry(EntryWanted wanted) {
    String protocol = PROTOCOLS.getOrDefault(wanted.protocol(), wanted.protocol());
    if (!protocol.matches("-1|[0-9]{1,3}") || Integer.parseInt(protocol) > 255) {
      throw Ec2Fault.value("protocol", wanted.protocol(), "Unknown protocol.");
    }
    if (!List.of("allow", "deny").contains(wanted.ruleAction())) {
      throw Ec2Fault.value("ruleAction", wanted.ruleAction(), "It must be allow or deny.");
    }
    String block = wanted.cidrBlock();
    String block6 = wanted.ipv6CidrBlock();
    if ((block == null) == (block6 == null)) {
      throw block == null
          ? Ec2Fault.missing("cidrBlock")
          : Ec2Fault.combination("Either cidrBlock or ipv6CidrBlock may be given.");
    }
    boolean withPorts = protocol.equals("6") || protocol.equals("17");
    PortsShape ports = wanted.portRange();
    Integer from = ports == null ? null : ports.from();
    Integer to = ports == null ? null : ports.to();
    if (withPorts && (from == null || to == null)) {
      throw Ec2Fault.missing("portRange");
    }
    if (from != null && to != null && (from < 0 || to > 65_535 || from > to)) {
      throw Ec2Fault.value("portRange", from + "-" + to, "Use 0 to 65535, the lower first.");
    }
    IcmpShape icmp = wanted.icmp();
    boolean withIcmp = protocol.equals("1") || protocol.equals("58");
    if (withIcmp && icmp == null) {
      throw Ec2Fault.missing("icmpTypeCode");
    }
    return new Entry(
        wanted.ruleNumber(),
        wanted.egress(),
        protocol,
        wanted.ruleAction().equals("allow"),
        block == null ? null : block(block),
        block6 == null ? null : Blocks.canonical6("ipv6CidrBlock", block6),
        withIcmp && icmp != null ? icmp.type() : null,
        withIcmp && icmp != null ? icmp.code() : null,
        withPorts ? from : null,
        withPorts ? to : null);
  }

  private static String block(String text) {
    return Cidr.parse(text)
        .map(Cidr::toString)
        .orElseThrow(() ->
            new Ec2Fault(
                "InvalidParameterValue",
                "Value ("
                    + Text.shown(text)
                    + ") for parameter cidrBlock is invalid. This is not a valid CIDR block."));
  }

  record DeleteNetworkAclEntry(
      @Required String networkAclId, @Required Integer ruleNumber, @Required Boolean egress) {}

  public Done deleteNetworkAclEntry(Ec2Call call, DeleteNetworkAclEntry request) {
    commands.remove(call.scope(), request.networkAclId(), request.ruleNumber(), request.egress());
    return Done.TRUE;
  }

  record ReplaceNetworkAclAssociation(
      @Required String associationId, @Required String networkAclId) {}

  record ReplaceNetworkAclAssociationAnswer(String newAssociationId) {}

  public ReplaceNetworkAclAssociationAnswer replaceNetworkAclAssociation(
      Ec2Call call, ReplaceNetworkAclAssociation request) {
    return new ReplaceNetworkAclAssociationAnswer(
        commands.replace(call.scope(), request.associationId(), request.networkAclId()).id());
  }

  record DescribeNetworkAcls(
      List<String> networkAclId,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record DescribeNetworkAclsAnswer(List<AclShape> networkAclSet, @Nullable String nextToken) {}

  public DescribeNetworkAclsAnswer describeNetworkAcls(Ec2Call call, DescribeNetworkAcls request) {
    defaults.ensure(call);
    Map<String, List<NetworkAcl.Association>> byAcl =
        tables.aclAssociations.all(call.scope()).stream()
            .collect(Collectors.groupingBy(NetworkAcl.Association::networkAclId));
    Pages.Page<Tagged<NetworkAcl>> page =
        Listing.of(
            call,
            tables.acls,
            filters(byAcl),
            new Listing.Asked(
                request.networkAclId(),
                request.filter(),
                request.maxResults(),
                request.nextToken()));
    return new DescribeNetworkAclsAnswer(
        page.items().stream()
            .map(acl -> shape(acl, byAcl.getOrDefault(acl.row().id(), List.of())))
            .toList(),
        page.nextToken());
  }

  private static Filters<Tagged<NetworkAcl>> filters(
      Map<String, List<NetworkAcl.Association>> byAcl) {
    return new Filters<Tagged<NetworkAcl>>()
        .on("network-acl-id", acl -> acl.row().id())
        .on("vpc-id", acl -> acl.row().vpcId())
        .on("owner-id", acl -> acl.row().accountId())
        .on("default", acl -> acl.row().isDefault())
        .onAny("association.association-id", acl -> each(byAcl, acl, NetworkAcl.Association::id))
        .onAny(
            "association.network-acl-id",
            acl -> each(byAcl, acl, NetworkAcl.Association::networkAclId))
        .onAny("association.subnet-id", acl -> each(byAcl, acl, NetworkAcl.Association::subnetId))
        .onAny("entry.cidr", acl -> entries(acl, Entry::cidr))
        .onAny("entry.ipv6-cidr", acl -> entries(acl, Entry::cidr6))
        .onAny("entry.icmp.code", acl -> entries(acl, Entry::icmpCode))
        .onAny("entry.icmp.type", acl -> entries(acl, Entry::icmpType))
        .onAny("entry.port-range.from", acl -> entries(acl, Entry::fromPort))
        .onAny("entry.port-range.to", acl -> entries(acl, Entry::toPort))
        .onAny("entry.protocol", acl -> entries(acl, Entry::protocol))
        .onAny("entry.rule-action", acl -> entries(acl, entry -> entry.allow() ? "allow" : "deny"))
        .onAny("entry.egress", acl -> entries(acl, Entry::egress))
        .onAny("entry.rule-number", acl -> entries(acl, Entry::number))
        .onTags(Tagged::tags);
  }

  private static Stream<String> entries(
      Tagged<NetworkAcl> acl, Function<Entry, @Nullable Object> part) {
    return entries(acl.row()).stream().map(part).filter(Objects::nonNull).map(String::valueOf);
  }

  private static Stream<String> each(
      Map<String, List<NetworkAcl.Association>> byAcl,
      Tagged<NetworkAcl> acl,
      Function<NetworkAcl.Association, String> part) {
    return byAcl.getOrDefault(acl.row().id(), List.of()).stream().map(part);
  }
}
