package brume.compute.resource;

import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The kinds of things by the prefix of their ids, and what is said of an id that finds none: as
/// EC2 says it, since only its clients read it.
public enum ResourceKind {
  INSTANCE("i", "instance", "The instance ID '%s' does not exist"),
  IMAGE("ami", "image", "The image id '[%s]' does not exist"),
  KEY_PAIR("key", "key-pair", "The key pair '%s' does not exist"),
  VPC("vpc", "vpc", "The vpc ID '%s' does not exist"),
  SUBNET("subnet", "subnet", "The subnet ID '%s' does not exist"),
  SECURITY_GROUP("sg", "security-group", "The security group '%s' does not exist"),
  SECURITY_GROUP_RULE(
      "sgr", "security-group-rule", "The security group rule ID '%s' does not exist"),
  NETWORK_INTERFACE("eni", "network-interface", "The networkInterface ID '%s' does not exist"),
  INTERNET_GATEWAY("igw", "internet-gateway", "The internetGateway ID '%s' does not exist"),
  ROUTE_TABLE("rtb", "route-table", "The routeTable ID '%s' does not exist"),
  ROUTE_TABLE_ASSOCIATION(
      "rtbassoc", "route-table-association", "The association ID '%s' does not exist"),
  NETWORK_ACL("acl", "network-acl", "The networkAcl ID '%s' does not exist"),
  NETWORK_ACL_ASSOCIATION(
      "aclassoc", "network-acl-association", "The association ID '%s' does not exist"),
  DHCP_OPTIONS("dopt", "dhcp-options", "The dhcpOption ID '%s' does not exist"),
  ADDRESS("eipalloc", "elastic-ip", "The allocation ID '%s' does not exist"),
  VOLUME("vol", "volume", "The volume '%s' does not exist."),
  SNAPSHOT("snap", "snapshot", "The snapshot '%s' does not exist."),
  LAUNCH_TEMPLATE(
      "lt",
      "launch-template",
      "The specified launch template, with template ID %s, does not exist."),
  PLACEMENT_GROUP("pg", "placement-group", "The Placement Group '%s' is unknown.");

  private static final int SHOWN_MAX = 20;

  /// Of these EC2 says of any text that there is none.
  private static final Set<ResourceKind> NEVER_MALFORMED =
      EnumSet.of(KEY_PAIR, VPC, SUBNET, ADDRESS, ROUTE_TABLE_ASSOCIATION, NETWORK_ACL_ASSOCIATION);

  private final String prefix;
  private final String type;
  private final String unknown;
  private final Pattern form;

  ResourceKind(String prefix, String type, String unknown) {
    this.prefix = prefix + "-";
    this.type = type;
    this.unknown = unknown;
    this.form = Pattern.compile(prefix + "-[0-9a-f]{8}([0-9a-f]{9})?");
  }

  public String prefix() {
    return prefix;
  }

  /// What tags call it.
  public String type() {
    return type;
  }

  public static Optional<ResourceKind> ofId(String id) {
    return Arrays.stream(values()).filter(kind -> id.startsWith(kind.prefix)).findFirst();
  }

  /// Another account's is as unknown as one that never was.
  public Refused unknown(String id) {
    return Refused.notFound(code("not_found"), type, unknown.formatted(Fields.shown(id)));
  }

  /// All that are not there, in one message.
  public Refused unknown(List<String> ids) {
    if (ids.size() == 1) {
      return unknown(ids.getFirst());
    }
    String several =
        unknown
            .replace(" '", "s '")
            .replace("does not", "do not")
            .replace("is unknown", "are unknown");
    String shown = String.join(", ", ids.stream().limit(SHOWN_MAX).map(Fields::shown).toList());
    return Refused.notFound(code("not_found"), type, several.formatted(shown));
  }

  /// Refuses ids that can't be any, and then those that are not among the known.
  public void requireAll(Collection<String> ids, Collection<String> known) {
    ids.forEach(this::checked);
    List<String> missing = ids.stream().distinct().filter(id -> !known.contains(id)).toList();
    if (!missing.isEmpty()) {
      throw unknown(missing);
    }
  }

  public boolean isId(String text) {
    return form.matcher(text).matches();
  }

  /// Refuses what can't be an id of this kind: it is a mistyped one and not a lost thing.
  public String checked(String id) {
    if (!isId(id)) {
      if (NEVER_MALFORMED.contains(this)) {
        throw unknown(id);
      }
      throw Refused.invalid(
          code("malformed"),
          type,
          "Invalid id: \"" + Fields.shown(id) + "\" (expecting \"" + prefix + "...\")");
    }
    return id;
  }

  private String code(String what) {
    return type.replace('-', '_') + "_" + what;
  }
}
