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
import brume.compute.ec2.wire.Required;
import brume.compute.network.GatewayCommands;
import brume.compute.network.InternetGateway;
import brume.compute.network.NetworkTables;
import brume.compute.resource.Tagged;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// CreateInternetGateway, Attach-, Detach-, Delete- and DescribeInternetGateway(s).
@Component
class GatewayActions implements Ec2Actions {
  private static final Filters<Tagged<InternetGateway>> FILTERS =
      new Filters<Tagged<InternetGateway>>()
          .on("internet-gateway-id", gateway -> gateway.row().id())
          .on("attachment.vpc-id", gateway -> gateway.row().vpcId())
          .on("attachment.state", gateway -> gateway.row().vpcId() == null ? null : "available")
          .on("owner-id", gateway -> gateway.row().accountId())
          .onTags(Tagged::tags);

  private final NetworkTables tables;
  private final GatewayCommands commands;
  private final Defaults defaults;

  GatewayActions(NetworkTables tables, GatewayCommands commands, Defaults defaults) {
    this.tables = tables;
    this.commands = commands;
    this.defaults = defaults;
  }

  record AttachmentShape(String vpcId, String state) {}

  record GatewayShape(
      String internetGatewayId,
      List<AttachmentShape> attachmentSet,
      String ownerId,
      List<Tag> tagSet) {
    static GatewayShape of(Tagged<InternetGateway> tagged) {
      String vpc = tagged.row().vpcId();
      return new GatewayShape(
          tagged.row().id(),
          vpc == null ? List.of() : List.of(new AttachmentShape(vpc, "available")),
          tagged.row().accountId(),
          Tag.of(tagged.tags()));
    }
  }

  record CreateInternetGateway(List<TagSpecification> tagSpecification) {}

  record CreateInternetGatewayAnswer(GatewayShape internetGateway) {}

  public CreateInternetGatewayAnswer createInternetGateway(
      Ec2Call call, CreateInternetGateway request) {
    return new CreateInternetGatewayAnswer(
        GatewayShape.of(
            commands.create(
                call.scope(),
                TagSpecification.of("internet-gateway", request.tagSpecification()))));
  }

  record Pair(@Required String internetGatewayId, @Required String vpcId) {}

  public Done attachInternetGateway(Ec2Call call, Pair request) {
    commands.attach(call.scope(), request.internetGatewayId(), request.vpcId());
    return Done.TRUE;
  }

  public Done detachInternetGateway(Ec2Call call, Pair request) {
    commands.detach(call.scope(), request.internetGatewayId(), request.vpcId());
    return Done.TRUE;
  }

  record DeleteInternetGateway(@Required String internetGatewayId) {}

  public Done deleteInternetGateway(Ec2Call call, DeleteInternetGateway request) {
    commands.delete(call.scope(), request.internetGatewayId());
    return Done.TRUE;
  }

  record DescribeInternetGateways(
      List<String> internetGatewayId,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record DescribeInternetGatewaysAnswer(
      List<GatewayShape> internetGatewaySet, @Nullable String nextToken) {}

  public DescribeInternetGatewaysAnswer describeInternetGateways(
      Ec2Call call, DescribeInternetGateways request) {
    defaults.ensure(call);
    Pages.Page<Tagged<InternetGateway>> page =
        Listing.of(
            call,
            tables.gateways,
            FILTERS,
            new Listing.Asked(
                request.internetGatewayId(),
                request.filter(),
                request.maxResults(),
                request.nextToken()));
    return new DescribeInternetGatewaysAnswer(
        page.items().stream().map(GatewayShape::of).toList(), page.nextToken());
  }
}
