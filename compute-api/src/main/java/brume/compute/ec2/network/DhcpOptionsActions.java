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
import brume.compute.ec2.shape.Value;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.Required;
import brume.compute.ec2.wire.WireName;
import brume.compute.network.DhcpOptions;
import brume.compute.network.DhcpOptionsCommands;
import brume.compute.network.NetworkTables;
import brume.compute.resource.Tagged;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// CreateDhcpOptions, Associate-, Delete- and DescribeDhcpOptions.
@Component
class DhcpOptionsActions implements Ec2Actions {
  private static final Filters<Tagged<DhcpOptions>> FILTERS =
      new Filters<Tagged<DhcpOptions>>()
          .on("dhcp-options-id", options -> options.row().id())
          .on("owner-id", options -> options.row().accountId())
          .onAny(
              "key",
              options ->
                  options.row().configurations().stream().map(DhcpOptions.Configuration::key))
          .onAny(
              "value",
              options ->
                  options.row().configurations().stream().flatMap(one -> one.values().stream()))
          .onTags(Tagged::tags);

  private final NetworkTables tables;
  private final DhcpOptionsCommands commands;

  DhcpOptionsActions(NetworkTables tables, DhcpOptionsCommands commands) {
    this.tables = tables;
    this.commands = commands;
  }

  record ConfigurationShape(String key, List<Value.OfText> valueSet) {}

  record OptionsShape(
      String dhcpOptionsId,
      List<ConfigurationShape> dhcpConfigurationSet,
      String ownerId,
      List<Tag> tagSet) {
    static OptionsShape of(Tagged<DhcpOptions> tagged) {
      DhcpOptions options = tagged.row();
      return new OptionsShape(
          options.id(),
          options.configurations().stream()
              .map(one ->
                  new ConfigurationShape(
                      one.key(), one.values().stream().map(Value.OfText::new).toList()))
              .toList(),
          options.accountId(),
          Tag.of(tagged.tags()));
    }
  }

  record ConfigurationWanted(@Nullable String key, @WireName("Value") List<String> values) {}

  record CreateDhcpOptions(
      @Required List<ConfigurationWanted> dhcpConfiguration,
      List<TagSpecification> tagSpecification) {}

  record CreateDhcpOptionsAnswer(OptionsShape dhcpOptions) {}

  public CreateDhcpOptionsAnswer createDhcpOptions(Ec2Call call, CreateDhcpOptions request) {
    List<DhcpOptions.Configuration> wanted = new ArrayList<>();
    for (ConfigurationWanted one : request.dhcpConfiguration()) {
      if (one.key() == null || one.key().isEmpty()) {
        throw Ec2Fault.missing("DhcpConfiguration.Key");
      }
      wanted.add(new DhcpOptions.Configuration(one.key(), one.values()));
    }
    return new CreateDhcpOptionsAnswer(
        OptionsShape.of(
            commands.create(
                call.scope(),
                wanted,
                TagSpecification.of("dhcp-options", request.tagSpecification()))));
  }

  record DeleteDhcpOptions(@Required String dhcpOptionsId) {}

  public Done deleteDhcpOptions(Ec2Call call, DeleteDhcpOptions request) {
    commands.delete(call.scope(), request.dhcpOptionsId());
    return Done.TRUE;
  }

  record AssociateDhcpOptions(@Required String dhcpOptionsId, @Required String vpcId) {}

  public Done associateDhcpOptions(Ec2Call call, AssociateDhcpOptions request) {
    commands.associate(call.scope(), request.dhcpOptionsId(), request.vpcId());
    return Done.TRUE;
  }

  record DescribeDhcpOptions(
      List<String> dhcpOptionsId,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record DescribeDhcpOptionsAnswer(List<OptionsShape> dhcpOptionsSet, @Nullable String nextToken) {}

  /// The cloud's own first.
  public DescribeDhcpOptionsAnswer describeDhcpOptions(Ec2Call call, DescribeDhcpOptions request) {
    List<Tagged<DhcpOptions>> all = new ArrayList<>();
    all.add(new Tagged<>(DhcpOptions.usual(call.accountId(), call.regionName()), Map.of()));
    all.addAll(tables.dhcpOptions.tagged(call.scope()));
    Pages.Page<Tagged<DhcpOptions>> page =
        Listing.of(
            call,
            tables.dhcpOptions,
            all,
            FILTERS,
            new Listing.Asked(
                request.dhcpOptionsId(),
                request.filter(),
                request.maxResults(),
                request.nextToken()));
    return new DescribeDhcpOptionsAnswer(
        page.items().stream().map(OptionsShape::of).toList(), page.nextToken());
  }
}
