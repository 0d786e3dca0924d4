package brume.compute.ec2.network;

import brume.compute.ec2.Done;
import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.shape.GroupShape;
import brume.compute.ec2.shape.Value;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.NotHere;
import brume.compute.ec2.wire.Required;
import brume.compute.ec2.wire.WireName;
import brume.compute.network.InterfaceCommands;
import brume.compute.network.NetworkInterface;
import brume.compute.network.NetworkTables;
import brume.compute.network.SecurityGroup;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// DescribeNetworkInterfaceAttribute, Modify- and ResetNetworkInterfaceAttribute,
/// AssignPrivateIpAddresses, UnassignPrivateIpAddresses.
@Component
class InterfaceAttributeActions implements Ec2Actions {
  private final NetworkTables tables;
  private final InterfaceCommands commands;

  InterfaceAttributeActions(NetworkTables tables, InterfaceCommands commands) {
    this.tables = tables;
    this.commands = commands;
  }

  record DescribeNetworkInterfaceAttribute(
      @Required String networkInterfaceId, @Required String attribute) {}

  record InterfaceAttributeAnswer(
      String networkInterfaceId,
      Value.@Nullable OfText description,
      Value.@Nullable OfBoolean sourceDestCheck,
      @Nullable List<GroupShape> groupSet,
      InterfaceShape.@Nullable AttachmentShape attachment,
      @Nullable Boolean associatePublicIpAddress) {
    static InterfaceAttributeAnswer none(String id) {
      return new InterfaceAttributeAnswer(id, null, null, null, null, null);
    }
  }

  public InterfaceAttributeAnswer describeNetworkInterfaceAttribute(
      Ec2Call call, DescribeNetworkInterfaceAttribute request) {
    NetworkInterface card = tables.interfaces.require(call.scope(), request.networkInterfaceId());
    String id = card.id();
    return switch (request.attribute()) {
      case "description" ->
          new InterfaceAttributeAnswer(
              id, new Value.OfText(card.description()), null, null, null, null);
      case "sourceDestCheck" ->
          new InterfaceAttributeAnswer(
              id, null, new Value.OfBoolean(card.sourceDestCheck()), null, null, null);
      case "groupSet" -> {
        Map<String, String> names =
            tables.groups.all(call.scope()).stream()
                .collect(Collectors.toMap(SecurityGroup::id, SecurityGroup::name));
        yield new InterfaceAttributeAnswer(
            id, null, null, InterfaceShape.groups(card, names), null, null);
      }
      case "attachment" ->
          new InterfaceAttributeAnswer(
              id, null, null, null, InterfaceShape.AttachmentShape.of(card), null);
      case "associatePublicIpAddress" ->
          new InterfaceAttributeAnswer(id, null, null, null, null, false);
      default ->
          throw Ec2Fault.value(
              "attribute",
              request.attribute(),
              "It must be description, groupSet, sourceDestCheck or attachment.");
    };
  }

  record AttachmentChange(@Nullable String attachmentId, @Nullable Boolean deleteOnTermination) {}

  @NotHere({
    "EnaSrdSpecification",
    "EnablePrimaryIpv6",
    "ConnectionTrackingSpecification",
    "AssociatePublicIpAddress",
    "AssociatedSubnetId"
  })
  record ModifyNetworkInterfaceAttribute(
      @Required String networkInterfaceId,
      Value.@Nullable OfText description,
      Value.@Nullable OfBoolean sourceDestCheck,
      List<String> securityGroupId,
      @Nullable AttachmentChange attachment) {
    int given() {
      return (description == null ? 0 : 1)
          + (sourceDestCheck == null ? 0 : 1)
          + (securityGroupId.isEmpty() ? 0 : 1)
          + (attachment == null ? 0 : 1);
    }
  }

  /// One attribute at a time, as EC2 says.
  public Done modifyNetworkInterfaceAttribute(
      Ec2Call call, ModifyNetworkInterfaceAttribute request) {
    tables.interfaces.require(call.scope(), request.networkInterfaceId());
    if (request.given() != 1) {
      throw Ec2Fault.combination(
          request.given() == 0
              ? "No attributes specified."
              : "Fields for multiple attribute types specified: give one attribute in a request");
    }
    AttachmentChange attachment = request.attachment();
    if (attachment != null) {
      if (attachment.attachmentId() == null || attachment.deleteOnTermination() == null) {
        throw Ec2Fault.missing(
            attachment.attachmentId() == null
                ? "Attachment.AttachmentId"
                : "Attachment.DeleteOnTermination");
      }
      commands.keep(
          call.scope(),
          request.networkInterfaceId(),
          attachment.attachmentId(),
          attachment.deleteOnTermination());
      return Done.TRUE;
    }
    commands.change(
        call.scope(),
        request.networkInterfaceId(),
        request.description() == null ? null : request.description().value(),
        request.securityGroupId(),
        request.sourceDestCheck() == null ? null : request.sourceDestCheck().value());
    return Done.TRUE;
  }

  record ResetNetworkInterfaceAttribute(
      @Required String networkInterfaceId, @Nullable String sourceDestCheck) {}

  public Done resetNetworkInterfaceAttribute(Ec2Call call, ResetNetworkInterfaceAttribute request) {
    commands.change(call.scope(), request.networkInterfaceId(), null, List.of(), true);
    return Done.TRUE;
  }

  @NotHere({"Ipv4Prefix", "Ipv4PrefixCount"})
  record AssignPrivateIpAddresses(
      @Required String networkInterfaceId,
      List<String> privateIpAddress,
      @Nullable Integer secondaryPrivateIpAddressCount,
      @Nullable Boolean allowReassignment) {}

  record AssignedShape(String privateIpAddress) {}

  record AssignAnswer(
      String networkInterfaceId,
      List<AssignedShape> assignedPrivateIpAddressesSet,
      @WireName("return") boolean result) {}

  public AssignAnswer assignPrivateIpAddresses(Ec2Call call, AssignPrivateIpAddresses request) {
    Integer count = request.secondaryPrivateIpAddressCount();
    if (request.privateIpAddress().isEmpty() == (count == null)) {
      throw count == null
          ? Ec2Fault.missing("PrivateIpAddress")
          : Ec2Fault.combination(
              "The parameters secondaryPrivateIpAddressCount and privateIpAddresses cannot be used"
                  + " together");
    }
    if (count != null && (count < 1 || count >= InterfaceCommands.ADDRESSES_MAX)) {
      throw Ec2Fault.value(
          "secondaryPrivateIpAddressCount",
          count.toString(),
          "It must be 1 to " + (InterfaceCommands.ADDRESSES_MAX - 1) + ".");
    }
    if (Boolean.TRUE.equals(request.allowReassignment())) {
      commands.vacate(call.scope(), request.networkInterfaceId(), request.privateIpAddress());
    }
    List<String> added =
        commands.assign(
            call.scope(),
            request.networkInterfaceId(),
            new InterfaceCommands.More(request.privateIpAddress(), count == null ? 0 : count));
    return new AssignAnswer(
        request.networkInterfaceId(), added.stream().map(AssignedShape::new).toList(), true);
  }

  @NotHere("Ipv4Prefix")
  record UnassignPrivateIpAddresses(
      @Required String networkInterfaceId, @Required List<String> privateIpAddress) {}

  public Done unassignPrivateIpAddresses(Ec2Call call, UnassignPrivateIpAddresses request) {
    commands.unassign(call.scope(), request.networkInterfaceId(), request.privateIpAddress());
    return Done.TRUE;
  }
}
