package brume.compute.ec2.network;

import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.filter.Filter;
import brume.compute.ec2.filter.Filters;
import brume.compute.ec2.filter.Listing;
import brume.compute.ec2.filter.Pages;
import brume.compute.ec2.shape.Tag;
import brume.compute.network.NetworkTables;
import brume.compute.network.Vpc;
import brume.compute.resource.Tagged;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// DescribeVpcClassicLink and DescribeVpcClassicLinkDnsSupport. No network is linked to
/// EC2-Classic, which is gone; older clients ask it of each network nevertheless.
@Component
class ClassicLinkActions implements Ec2Actions {
  private static final Filters<Tagged<Vpc>> FILTERS =
      new Filters<Tagged<Vpc>>().on("is-classic-link-enabled", vpc -> false).onTags(Tagged::tags);

  private final NetworkTables tables;
  private final Defaults defaults;

  ClassicLinkActions(NetworkTables tables, Defaults defaults) {
    this.tables = tables;
    this.defaults = defaults;
  }

  record DescribeVpcClassicLink(List<String> vpcId, List<Filter> filter) {}

  record LinkShape(boolean classicLinkEnabled, List<Tag> tagSet, String vpcId) {}

  record VpcClassicLinkAnswer(List<LinkShape> vpcSet) {}

  public VpcClassicLinkAnswer describeVpcClassicLink(Ec2Call call, DescribeVpcClassicLink request) {
    Pages.Page<Tagged<Vpc>> all =
        vpcs(call, new Listing.Asked(request.vpcId(), request.filter(), null, null));
    return new VpcClassicLinkAnswer(
        all.items().stream()
            .map(vpc -> new LinkShape(false, Tag.of(vpc.tags()), vpc.row().id()))
            .toList());
  }

  record DescribeVpcClassicLinkDnsSupport(
      List<String> vpcIds, @Nullable Integer maxResults, @Nullable String nextToken) {}

  record NamesShape(boolean classicLinkDnsSupported, String vpcId) {}

  record VpcClassicLinkDnsSupportAnswer(List<NamesShape> vpcs, @Nullable String nextToken) {}

  public VpcClassicLinkDnsSupportAnswer describeVpcClassicLinkDnsSupport(
      Ec2Call call, DescribeVpcClassicLinkDnsSupport request) {
    Pages.Page<Tagged<Vpc>> page =
        vpcs(
            call,
            new Listing.Asked(
                request.vpcIds(), List.of(), request.maxResults(), request.nextToken()));
    return new VpcClassicLinkDnsSupportAnswer(
        page.items().stream().map(vpc -> new NamesShape(false, vpc.row().id())).toList(),
        page.nextToken());
  }

  private Pages.Page<Tagged<Vpc>> vpcs(Ec2Call call, Listing.Asked asked) {
    defaults.ensure(call);
    return Listing.of(call, tables.vpcs, FILTERS, asked);
  }
}
