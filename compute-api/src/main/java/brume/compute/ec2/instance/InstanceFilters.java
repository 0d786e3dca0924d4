package brume.compute.ec2.instance;

import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.filter.Filter;
import brume.compute.ec2.filter.Filters;
import brume.compute.ec2.filter.Wildcard;
import brume.compute.instance.InstanceSearch;
import brume.compute.instance.InstanceSearch.Condition;
import brume.compute.region.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// EC2's filters of instances, each as what it looks at in the database: a page out of a hundred
/// thousand must not read them all.
final class InstanceFilters {
  private static final String STATE = InstanceSearch.STATE;

  private static final String CARD =
      "EXISTS (SELECT FROM compute.network_interface n WHERE n.instance_id = i.id AND ";

  private static final String GROUP =
      "EXISTS (SELECT FROM compute.network_interface n,"
          + " jsonb_array_elements_text(n.security_groups) g(id)"
          + " JOIN compute.security_group s ON s.id = g.id"
          + " WHERE n.instance_id = i.id AND ";

  private static final String VOLUME =
      "EXISTS (SELECT FROM compute.volume v WHERE v.instance_id = i.id AND ";

  private static final String ADDRESS =
      "EXISTS (SELECT FROM compute.network_interface n JOIN compute.address a"
          + " ON a.network_interface_id = n.id WHERE n.instance_id = i.id"
          + " AND (NOT a.automatic OR i.intent = 'RUN') AND ";

  private static final String IP = "host('0.0.0.0'::inet + n.address)";

  private static final String DNS =
      "'ip-' || replace("
          + IP
          + ", '.', '-') || CASE i.region WHEN 'us-east-1' THEN '.ec2.internal'"
          + " ELSE '.' || i.region || '.compute.internal' END";

  private static final String PUBLIC_NAME =
      "'ec2-' || replace(a.public_ip, '.', '-') || CASE i.region WHEN 'us-east-1'"
          + " THEN '.compute-1' ELSE '.' || i.region || '.compute' END || '.internal'";

  private static final Pattern OWN = Pattern.compile("OWN\\((\\S+)\\)");
  private static final Pattern TIME = Pattern.compile("TIME\\((\\S+)\\)");
  private static final String TIME_TEXT =
      "to_char($1 AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')";

  private static final Map<String, String> EXPRESSIONS =
      """
      instance-id | i.id
      image-id | i.image_id
      instance-type | coalesce(o.type_asked, i.instance_type)
      reservation-id | i.reservation_id
      owner-id | i.account_id
      launch-index | i.launch_index::text
      launch-time | TIME(i.created_at)
      usage-operation-update-time | TIME(i.created_at)
      usage-operation | 'RunInstances'
      ebs-optimized | coalesce(o.ebs_optimized, false)::text
      ena-support | 'true'
      enclave-options.enabled | 'false'
      hibernation-options.configured | 'false'
      maintenance-options.auto-recovery | 'default'
      operator.managed | 'false'
      private-dns-name-options.hostname-type | 'ip-name'
      private-dns-name-options.enable-resource-name-dns-a-record | 'false'
      private-dns-name-options.enable-resource-name-dns-aaaa-record | 'false'
      instance-state-name | STATE
      instance-state-code | CASE STATE WHEN 'pending' THEN '0' WHEN 'running' THEN '16' WHEN 'shutting-down' THEN '32' WHEN 'terminated' THEN '48' WHEN 'stopping' THEN '64' ELSE '80' END
      architecture | m.architecture
      availability-zone | o.zone
      placement-group-name | o.placement_group
      tenancy | coalesce(o.tenancy, 'default')
      vpc-id | o.vpc_id
      subnet-id | o.subnet_id
      key-name | o.key_name
      client-token | o.client_token
      monitoring-state | CASE WHEN o.monitoring THEN 'enabled' ELSE 'disabled' END
      root-device-type | 'ebs'
      root-device-name | m.root_device
      virtualization-type | 'hvm'
      hypervisor | 'xen'
      platform-details | 'Linux/UNIX'
      state-reason-code | CASE WHEN i.intent = 'RUN' THEN '' WHEN i.intent_cause = 'USER' THEN 'Client.UserInitiatedShutdown' ELSE 'Client.InstanceInitiatedShutdown' END
      metadata-options.http-tokens | coalesce(o.metadata->>'httpTokens', 'optional')
      metadata-options.http-endpoint | coalesce(o.metadata->>'httpEndpoint', 'enabled')
      metadata-options.http-protocol-ipv4 | coalesce(o.metadata->>'httpEndpoint', 'enabled')
      metadata-options.http-protocol-ipv6 | coalesce(o.metadata->>'httpProtocolIpv6', 'disabled')
      metadata-options.http-put-response-hop-limit | coalesce(o.metadata->>'httpPutResponseHopLimit', '1')
      metadata-options.instance-metadata-tags | coalesce(o.metadata->>'instanceMetadataTags', 'disabled')
      metadata-options.state | 'applied'
      private-ip-address | CARD IP {match})
      network-interface.addresses.private-ip-address | CARD IP {match})
      network-interface.network-interface-id | CARD n.id {match})
      network-interface.private-ip-address | CARD IP {match})
      private-dns-name | CARD DNS {match})
      network-interface.private-dns-name | CARD DNS {match})
      network-interface.addresses.private-dns-name | CARD DNS {match})
      network-interface.addresses.primary | CARD 'true' {match})
      network-interface.availability-zone | CARD n.zone {match})
      network-interface.owner-id | CARD n.account_id {match})
      network-interface.source-dest-check | CARD n.source_dest_check::text {match})
      network-interface.status | CARD 'in-use' {match})
      network-interface.requester-managed | CARD 'false' {match})
      network-interface.operator.managed | CARD 'false' {match})
      network-interface.attachment.attachment-id | CARD n.attachment_id {match})
      network-interface.attachment.instance-id | CARD n.instance_id {match})
      network-interface.attachment.instance-owner-id | CARD n.account_id {match})
      network-interface.attachment.device-index | CARD n.device_index::text {match})
      network-interface.attachment.network-card-index | CARD '0' {match})
      network-interface.attachment.status | CARD 'attached' {match})
      network-interface.attachment.delete-on-termination | CARD n.delete_on_termination::text {match})
      network-interface.attachment.attach-time | CARD TIME(n.attached_at) {match})
      network-interface.addresses.association.public-ip | ADDRESS a.public_ip {match})
      network-interface.addresses.association.allocation-id | ADDRESS OWN(a.id) {match})
      network-interface.addresses.association.association-id | ADDRESS OWN(a.association_id) {match})
      network-interface.addresses.association.ip-owner-id | ADDRESS coalesce(OWN(a.account_id), 'amazon') {match})
      network-interface.association.public-ip | ADDRESS a.public_ip {match})
      network-interface.association.allocation-id | ADDRESS OWN(a.id) {match})
      network-interface.association.association-id | ADDRESS OWN(a.association_id) {match})
      network-interface.association.ip-owner-id | ADDRESS coalesce(OWN(a.account_id), 'amazon') {match})
      network-interface.tag-key | CARD EXISTS (SELECT FROM compute.resource_tag t WHERE t.resource_id = n.id AND t.account_id = n.account_id AND t.key {match}))
      network-interface.tag-value | CARD EXISTS (SELECT FROM compute.resource_tag t WHERE t.resource_id = n.id AND t.account_id = n.account_id AND t.value {match}))
      network-interface.subnet-id | CARD n.subnet_id {match})
      network-interface.vpc-id | CARD n.vpc_id {match})
      network-interface.mac-address | CARD n.mac_address {match})
      network-interface.description | CARD n.description {match})
      source-dest-check | CARD n.source_dest_check::text {match})
      ip-address | ADDRESS a.public_ip {match})
      dns-name | ADDRESS PUBLIC_NAME {match})
      network-interface.association.public-dns-name | ADDRESS PUBLIC_NAME {match})
      network-interface.addresses.association.public-dns-name | ADDRESS PUBLIC_NAME {match})
      network-interface.public-dns-name | ADDRESS PUBLIC_NAME {match})
      instance.group-id | GROUP s.id {match})
      instance.group-name | GROUP s.name {match})
      group-id | GROUP s.id {match})
      group-name | GROUP s.name {match})
      network-interface.group-id | GROUP s.id {match})
      network-interface.group-name | GROUP s.name {match})
      block-device-mapping.volume-id | VOLUME v.id {match})
      block-device-mapping.device-name | VOLUME v.device {match})
      block-device-mapping.attach-time | VOLUME TIME(v.attached_at) {match})
      block-device-mapping.status | VOLUME 'attached' {match})
      block-device-mapping.delete-on-termination | VOLUME v.delete_on_termination::text {match})
      tag-key | EXISTS (SELECT FROM compute.instance_tag t WHERE t.instance_id = i.id AND t.key {match}) OR (i.name IS NOT NULL AND 'Name' {match})
      tag-value | EXISTS (SELECT FROM compute.instance_tag t WHERE t.instance_id = i.id AND t.value {match}) OR i.name {match}
      """
          .lines()
          .map(line -> line.split(" \\| ", 2))
          .collect(Collectors.toMap(cells -> cells[0], cells -> expression(cells[1])));

  /// What EC2 documents and no instance of this cloud has.
  private static final Set<String> NEVER =
      Set.of(
          """
          affinity boot-mode capacity-reservation-id
          capacity-reservation-specification.capacity-reservation-preference
          capacity-reservation-specification.capacity-reservation-target.capacity-reservation-id
          capacity-reservation-specification.capacity-reservation-target.capacity-reservation-resource-group-arn
          current-instance-boot-mode host-id iam-instance-profile.arn iam-instance-profile.id
          instance-lifecycle ipv6-address kernel-id
          network-interface.addresses.association.carrier-ip
          network-interface.addresses.association.customer-owned-ip
          network-interface.association.carrier-ip network-interface.association.customer-owned-ip
          network-interface.deny-all-igw-traffic
          network-interface.ipv4-prefixes.ipv4-prefix network-interface.ipv6-address
          network-interface.ipv6-addresses.ipv6-address
          network-interface.ipv6-addresses.is-primary-ipv6 network-interface.ipv6-native
          network-interface.ipv6-prefixes.ipv6-prefix network-interface.operator.principal
          network-interface.outpost-arn
          network-interface.requester-id network-performance-options.bandwidth-weighting
          operator.principal outpost-arn placement-partition-number platform product-code
          product-code.type ramdisk-id reason requester-id spot-instance-request-id
          state-reason-message tpm-support event.code event.description event.instance-event-id
          event.not-after event.not-before event.not-before-deadline attached-ebs-status.status
          """
              .strip()
              .split("\\s+"));

  private InstanceFilters() {}

  private static String expression(String text) {
    String whole =
        text.replace("STATE", "(" + STATE + ")")
            .replaceFirst("^CARD ", CARD)
            .replaceFirst("^GROUP ", GROUP)
            .replaceFirst("^VOLUME ", VOLUME)
            .replaceFirst("^ADDRESS ", ADDRESS)
            .replace(" IP ", " " + IP + " ")
            .replace(" DNS ", " " + DNS + " ")
            .replace(" PUBLIC_NAME ", " " + PUBLIC_NAME + " ");
    whole = OWN.matcher(whole).replaceAll("CASE WHEN NOT a.automatic THEN $1 END");
    whole = TIME.matcher(whole).replaceAll(TIME_TEXT);
    return whole.contains("{match}") ? "(" + whole + ")" : "(" + whole + ") {match}";
  }

  static List<Condition> conditions(Ec2Call call, List<Filter> filters) {
    Filters.check(filters);
    List<Condition> conditions = new ArrayList<>();
    for (Filter filter : filters) {
      String name = String.valueOf(filter.name());
      List<String> patterns =
          filter.values().stream().map(value -> Wildcard.of(value).like()).toList();
      String expression = EXPRESSIONS.get(name);
      if (expression != null) {
        conditions.add(new Condition(expression, patterns));
      } else if (name.startsWith("tag:")) {
        conditions.add(Condition.ofTag(name.substring("tag:".length()), patterns));
      } else if (name.equals("availability-zone-id")) {
        conditions.add(new Condition("o.zone {match}", zones(call, filter.values())));
      } else if (NEVER.contains(name)) {
        conditions.add(new Condition("NULL::text {match}", patterns));
      } else {
        throw Filters.unknown(name);
      }
    }
    return conditions;
  }

  /// The names of the zones whose ids match.
  private static List<String> zones(Ec2Call call, List<String> wanted) {
    List<Wildcard> wildcards = wanted.stream().map(Wildcard::of).toList();
    List<String> names =
        call.region().zones().stream()
            .filter(zone -> wildcards.stream().anyMatch(one -> one.matches(zone.id())))
            .map(Region.Zone::name)
            .toList();
    return names.isEmpty() ? List.of("-") : names;
  }
}
