package brume.compute.ec2.instance;

import brume.compute.ec2.filter.Filter;
import brume.compute.ec2.filter.Filters;
import brume.compute.ec2.filter.Wildcard;
import brume.compute.instance.InstanceSearch;
import brume.compute.instance.InstanceSearch.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  private static final String IP = "host('0.0.0.0'::inet + n.address)";

  private static final Map<String, String> EXPRESSIONS =
      """
      instance-id | i.id
      image-id | i.image_id
      instance-type | i.instance_type
      reservation-id | i.reservation_id
      owner-id | i.account_id
      launch-index | i.launch_index::text
      launch-time | to_char(i.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
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
      private-ip-address | CARD IP {match})
      network-interface.addresses.private-ip-address | CARD IP {match})
      network-interface.network-interface-id | CARD n.id {match})
      network-interface.subnet-id | CARD n.subnet_id {match})
      network-interface.vpc-id | CARD n.vpc_id {match})
      network-interface.mac-address | CARD n.mac_address {match})
      network-interface.description | CARD n.description {match})
      source-dest-check | CARD n.source_dest_check::text {match})
      ip-address | EXISTS (SELECT FROM compute.network_interface n JOIN compute.address a ON a.network_interface_id = n.id WHERE n.instance_id = i.id AND a.public_ip {match})
      instance.group-id | GROUP s.id {match})
      instance.group-name | GROUP s.name {match})
      group-id | GROUP s.id {match})
      group-name | GROUP s.name {match})
      network-interface.group-id | GROUP s.id {match})
      network-interface.group-name | GROUP s.name {match})
      block-device-mapping.volume-id | VOLUME v.id {match})
      block-device-mapping.device-name | VOLUME v.device {match})
      block-device-mapping.status | VOLUME 'attached' {match})
      block-device-mapping.delete-on-termination | VOLUME v.delete_on_termination::text {match})
      tag-key | EXISTS (SELECT FROM compute.instance_tag t WHERE t.instance_id = i.id AND t.key {match}) OR (i.name IS NOT NULL AND 'Name' {match})
      tag-value | EXISTS (SELECT FROM compute.instance_tag t WHERE t.instance_id = i.id AND t.value {match}) OR i.name {match}
      """
          .lines()
          .map(line -> line.split(" \\| ", 2))
          .collect(Collectors.toMap(cells -> cells[0], cells -> expression(cells[1])));

  private InstanceFilters() {}

  private static String expression(String text) {
    String whole =
        text.replace("STATE", "(" + STATE + ")")
            .replaceFirst("^CARD ", CARD)
            .replaceFirst("^GROUP ", GROUP)
            .replaceFirst("^VOLUME ", VOLUME)
            .replace(" IP ", " " + IP + " ");
    return whole.contains("{match}") ? "(" + whole + ")" : "(" + whole + ") {match}";
  }

  static List<Condition> conditions(List<Filter> filters) {
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
      } else {
        throw Filters.unknown(name);
      }
    }
    return conditions;
  }
}
