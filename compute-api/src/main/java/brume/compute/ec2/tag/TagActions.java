package brume.compute.ec2.tag;

import brume.compute.account.AccountStore;
import brume.compute.ec2.Done;
import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.filter.Filter;
import brume.compute.ec2.filter.Filters;
import brume.compute.ec2.filter.Pages;
import brume.compute.ec2.shape.Tag;
import brume.compute.ec2.shape.TagSpecification;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.Required;
import brume.compute.ec2.wire.Text;
import brume.compute.instance.InstancePlacing;
import brume.compute.launch.InstanceActs;
import brume.compute.resource.ResourceKind;
import brume.compute.tag.TagStore;
import brume.compute.tag.Tags;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// CreateTags, DeleteTags, DescribeTags.
@Component
class TagActions implements Ec2Actions {
  private static final int RESOURCES_MAX = 1_000;

  /// Where things of a kind are; instances are asked for by themselves.
  private static final Map<ResourceKind, String> TABLES =
      Map.ofEntries(
          Map.entry(ResourceKind.IMAGE, "compute.image"),
          Map.entry(ResourceKind.KEY_PAIR, "compute.key_pair"),
          Map.entry(ResourceKind.VPC, "compute.vpc"),
          Map.entry(ResourceKind.SUBNET, "compute.subnet"),
          Map.entry(ResourceKind.SECURITY_GROUP, "compute.security_group"),
          Map.entry(ResourceKind.SECURITY_GROUP_RULE, "compute.security_group_rule"),
          Map.entry(ResourceKind.NETWORK_INTERFACE, "compute.network_interface"),
          Map.entry(ResourceKind.INTERNET_GATEWAY, "compute.internet_gateway"),
          Map.entry(ResourceKind.ROUTE_TABLE, "compute.route_table"),
          Map.entry(ResourceKind.NETWORK_ACL, "compute.network_acl"),
          Map.entry(ResourceKind.DHCP_OPTIONS, "compute.dhcp_options"),
          Map.entry(ResourceKind.ADDRESS, "compute.address"),
          Map.entry(ResourceKind.VOLUME, "compute.volume"),
          Map.entry(ResourceKind.SNAPSHOT, "compute.snapshot"),
          Map.entry(ResourceKind.LAUNCH_TEMPLATE, "compute.launch_template"),
          Map.entry(ResourceKind.PLACEMENT_GROUP, "compute.placement_group"));

  private static final Filters<TagShape> FILTERS =
      new Filters<TagShape>()
          .on("key", TagShape::key)
          .on("value", TagShape::value)
          .on("resource-id", TagShape::resourceId)
          .on("resource-type", TagShape::resourceType)
          .onTags(tag -> Map.of(tag.key(), tag.value()));

  private final TagStore tags;
  private final InstanceActs instances;
  private final InstancePlacing placing;
  private final AccountStore accounts;
  private final JdbcClient database;

  TagActions(
      TagStore tags,
      InstanceActs instances,
      InstancePlacing placing,
      AccountStore accounts,
      JdbcClient database) {
    this.tags = tags;
    this.instances = instances;
    this.placing = placing;
    this.accounts = accounts;
    this.database = database;
  }

  record CreateTags(@Required List<String> resourceId, @Required List<Tag> tag) {}

  public Done createTags(Ec2Call call, CreateTags request) {
    SortedMap<String, String> wanted = TagSpecification.map(request.tag());
    accounts.lock(call.accountId());
    for (String id : checked(request.resourceId())) {
      ResourceKind kind = kind(id);
      if (kind == ResourceKind.INSTANCE) {
        Map<String, String> all = new TreeMap<>(instances.lock(call.scope(), id).tags());
        all.putAll(wanted);
        Tags.checkCount(all.size());
        placing.tag(id, wanted);
      } else {
        require(call, kind, id);
        tags.put(call.accountId(), call.regionName(), id, wanted);
      }
    }
    return Done.TRUE;
  }

  record DeleteTags(@Required List<String> resourceId, List<Tag> tag) {}

  /// Without tags all of them go; without a value a tag goes whatever its value.
  public Done deleteTags(Ec2Call call, DeleteTags request) {
    accounts.lock(call.accountId());
    for (String id : checked(request.resourceId())) {
      ResourceKind kind = kind(id);
      boolean instance = kind == ResourceKind.INSTANCE;
      List<String> present = new ArrayList<>();
      if (instance) {
        present.addAll(instances.lock(call.scope(), id).tags().keySet());
        present.add("Name");
      } else {
        require(call, kind, id);
        present.addAll(tags.of(call.accountId(), id).keySet());
      }
      List<Tag> gone =
          request.tag().isEmpty()
              ? present.stream().map(key -> new Tag(key, null)).toList()
              : request.tag();
      for (Tag tag : gone) {
        String key = tag.key();
        if (key == null || key.isEmpty()) {
          throw Ec2Fault.missing("Tag.Key");
        }
        if (instance) {
          placing.untag(id, key, tag.value());
        } else {
          tags.remove(call.accountId(), id, key, tag.value());
        }
      }
    }
    return Done.TRUE;
  }

  private static List<String> checked(List<String> ids) {
    if (ids.size() > RESOURCES_MAX) {
      throw Ec2Fault.value(
          "ResourceId", ids.size() + " ids", "There may be " + RESOURCES_MAX + ".");
    }
    return ids.stream().distinct().sorted().toList();
  }

  private static ResourceKind kind(String id) {
    ResourceKind kind =
        ResourceKind.ofId(id)
            .filter(known -> known == ResourceKind.INSTANCE || TABLES.containsKey(known))
            .filter(known -> known.isId(id))
            .orElseThrow(
                () -> new Ec2Fault("InvalidID", "The ID '" + Text.shown(id) + "' is not valid"));
    return kind;
  }

  /// An image may also be the cloud's own or a shared one: each account has its own tags on it.
  private void require(Ec2Call call, ResourceKind kind, String id) {
    String mine =
        kind == ResourceKind.IMAGE
            ? "deregistered_at IS NULL AND (region = :region OR region IS NULL) AND (account_id ="
                + " :account OR account_id IS NULL OR is_public OR jsonb_exists(shared_with, :account))"
            : "account_id = :account AND region = :region";
    boolean there =
        database
            .sql(
                "SELECT EXISTS (SELECT FROM "
                    + TABLES.get(kind)
                    + " WHERE id = :id AND "
                    + mine
                    + ")")
            .param("id", id)
            .param("account", call.accountId())
            .param("region", call.regionName())
            .query(Boolean.class)
            .single();
    if (!there) {
      throw kind.unknown(id);
    }
  }

  record DescribeTags(
      List<Filter> filter, @Nullable Integer maxResults, @Nullable String nextToken) {}

  record TagShape(String resourceId, String resourceType, String key, String value) {
    static TagShape of(TagStore.Tagged tag) {
      String type = ResourceKind.ofId(tag.resourceId()).map(ResourceKind::type).orElse("");
      return new TagShape(tag.resourceId(), type, tag.key(), tag.value());
    }

    String position() {
      return resourceId + " " + key;
    }
  }

  record DescribeTagsAnswer(List<TagShape> tagSet, @Nullable String nextToken) {}

  public DescribeTagsAnswer describeTags(Ec2Call call, DescribeTags request) {
    Pages pages = Pages.of(call.action(), request.maxResults(), request.nextToken());
    List<TagShape> all = new ArrayList<>();
    tags.all(call.accountId(), call.regionName()).forEach(tag -> all.add(TagShape.of(tag)));
    placing.tags(call.scope()).forEach(tag -> all.add(TagShape.of(tag)));
    List<TagShape> chosen =
        all.stream()
            .filter(FILTERS.select(request.filter()))
            .sorted(Comparator.comparing(TagShape::position))
            .toList();
    Pages.Page<TagShape> page = pages.cut(chosen, TagShape::position);
    return new DescribeTagsAnswer(page.items(), page.nextToken());
  }
}
