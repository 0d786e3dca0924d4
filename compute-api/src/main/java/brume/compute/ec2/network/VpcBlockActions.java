package brume.compute.ec2.network;

import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.NotHere;
import brume.compute.ec2.wire.Required;
import brume.compute.network.Vpc;
import brume.compute.network.VpcCommands;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// AssociateVpcCidrBlock, DisassociateVpcCidrBlock.
@Component
class VpcBlockActions implements Ec2Actions {
  private final VpcCommands commands;
  private final Defaults defaults;

  VpcBlockActions(VpcCommands commands, Defaults defaults) {
    this.commands = commands;
    this.defaults = defaults;
  }

  record BlockAnswer(String vpcId, VpcActions.AssociationShape cidrBlockAssociation) {}

  @NotHere({
    "Ipv6Pool",
    "Ipv6CidrBlock",
    "Ipv4IpamPoolId",
    "Ipv4NetmaskLength",
    "Ipv6IpamPoolId",
    "Ipv6NetmaskLength",
    "Ipv6CidrBlockNetworkBorderGroup"
  })
  record AssociateVpcCidrBlock(
      @Required String vpcId,
      @Nullable String cidrBlock,
      @Nullable Boolean amazonProvidedIpv6CidrBlock) {}

  public BlockAnswer associateVpcCidrBlock(Ec2Call call, AssociateVpcCidrBlock request) {
    defaults.ensure(call);
    if (Boolean.TRUE.equals(request.amazonProvidedIpv6CidrBlock())) {
      throw Ec2Fault.unsupported("There are no IPv6 blocks.");
    }
    if (request.cidrBlock() == null || request.cidrBlock().isEmpty()) {
      throw Ec2Fault.missing("CidrBlock");
    }
    Vpc.Block added = commands.addBlock(call.scope(), request.vpcId(), request.cidrBlock());
    return new BlockAnswer(request.vpcId(), VpcActions.AssociationShape.of(added, "associating"));
  }

  record DisassociateVpcCidrBlock(@Required String associationId) {}

  public BlockAnswer disassociateVpcCidrBlock(Ec2Call call, DisassociateVpcCidrBlock request) {
    Vpc before = commands.removeBlock(call.scope(), request.associationId());
    Vpc.Block removed =
        before.moreBlocks().stream()
            .filter(block -> block.id().equals(request.associationId()))
            .findFirst()
            .orElseThrow();
    return new BlockAnswer(before.id(), VpcActions.AssociationShape.of(removed, "disassociating"));
  }
}
