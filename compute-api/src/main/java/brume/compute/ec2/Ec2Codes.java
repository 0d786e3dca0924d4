package brume.compute.ec2;

import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.Text;
import brume.compute.refusal.Refusal;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/// What each refusal is called at this door. A code that is not in the table is EC2's own in
/// another spelling: `dependency_violation` is `DependencyViolation`.
final class Ec2Codes {
  private static final Map<String, String> CODES =
      """
      instance_not_found          InvalidInstanceID.NotFound
      incorrect_state             IncorrectInstanceState
      unknown_image               InvalidAMIID.NotFound
      image_of_another_architecture InvalidParameterValue
      image_without_system        InvalidParameterValue
      image_needs_memory          InvalidParameterCombination
      unknown_instance_type       InvalidParameterValue
      already_associated          Resource.AlreadyAssociated
      not_attached                Gateway.NotAttached
      image_of_another            AuthFailure
      image_unavailable           InvalidAMIID.Unavailable
      network_acl_entry_exists    NetworkAclEntryAlreadyExists
      network_acl_entry_not_found InvalidNetworkAclEntry.NotFound
      route_not_found             InvalidRoute.NotFound
      unknown_volume_type         UnknownVolumeType
      quota_exceeded              InstanceLimitExceeded
      spending_limit_reached      Blocked
      wallet_empty                Blocked
      invalid_value               InvalidParameterValue
      missing_field               MissingParameter
      key_pair_not_found          InvalidKeyPair.NotFound
      key_pair_duplicate          InvalidKeyPair.Duplicate
      key_format                  InvalidKey.Format
      node_unavailable            Unavailable
      termination_protected       OperationNotPermitted
      instance_malformed          InvalidInstanceID.Malformed
      image_not_found             InvalidAMIID.NotFound
      image_malformed             InvalidAMIID.Malformed
      vpc_not_found               InvalidVpcID.NotFound
      vpc_range                   InvalidVpc.Range
      vpc_block_not_found         InvalidVpcCidrBlockAssociationID.NotFound
      vpc_block_in_use            InvalidCidrBlock.InUse
      subnet_not_found            InvalidSubnetID.NotFound
      subnet_range                InvalidSubnet.Range
      subnet_conflict             InvalidSubnet.Conflict
      missing_default_subnet      MissingInput
      security_group_not_found    InvalidGroup.NotFound
      security_group_malformed    InvalidGroupId.Malformed
      security_group_duplicate    InvalidGroup.Duplicate
      security_groups_per_interface_limit_exceeded SecurityGroupsPerInterfaceLimitExceeded
      security_group_rule_not_found InvalidSecurityGroupRuleId.NotFound
      security_group_rule_malformed InvalidSecurityGroupRuleId.Malformed
      permission_duplicate        InvalidPermission.Duplicate
      permission_not_found        InvalidPermission.NotFound
      network_interface_not_found InvalidNetworkInterfaceID.NotFound
      network_interface_malformed InvalidNetworkInterfaceId.Malformed
      network_interface_in_use    InvalidParameterValue
      interface_in_use            InvalidNetworkInterface.InUse
      attachment_not_found        InvalidAttachmentID.NotFound
      ip_address_in_use           InvalidIPAddress.InUse
      internet_gateway_not_found  InvalidInternetGatewayID.NotFound
      internet_gateway_malformed  InvalidInternetGatewayId.Malformed
      route_table_not_found       InvalidRouteTableID.NotFound
      route_table_malformed       InvalidRouteTableId.Malformed
      route_table_association_not_found InvalidAssociationID.NotFound
      elastic_ip_not_found        InvalidAllocationID.NotFound
      network_acl_not_found       InvalidNetworkAclID.NotFound
      network_acl_malformed       InvalidNetworkAclId.Malformed
      network_acl_association_not_found InvalidAssociationID.NotFound
      dhcp_options_not_found      InvalidDhcpOptionID.NotFound
      dhcp_options_malformed      InvalidDhcpOptionsId.Malformed
      volume_not_found            InvalidVolume.NotFound
      volume_malformed            InvalidVolumeID.Malformed
      volume_zone_mismatch        InvalidVolume.ZoneMismatch
      volume_not_attached         IncorrectState
      volume_attachment_not_found InvalidAttachment.NotFound
      snapshot_not_found          InvalidSnapshot.NotFound
      snapshot_malformed          InvalidSnapshotID.Malformed
      snapshot_in_use             InvalidSnapshot.InUse
      image_name_duplicate        InvalidAMIName.Duplicate
      image_name_malformed        InvalidAMIName.Malformed
      launch_template_not_found   InvalidLaunchTemplateId.NotFound
      launch_template_malformed   InvalidLaunchTemplateId.Malformed
      launch_template_duplicate   InvalidLaunchTemplateName.AlreadyExistsException
      launch_template_name_malformed InvalidLaunchTemplateName.MalformedException
      launch_template_name_not_found InvalidLaunchTemplateName.NotFoundException
      launch_template_version_not_found InvalidLaunchTemplateId.VersionNotFound
      placement_group_not_found   InvalidPlacementGroup.Unknown
      placement_group_malformed   InvalidPlacementGroupId.Malformed
      placement_group_duplicate   InvalidPlacementGroup.Duplicate
      placement_group_in_use      InvalidPlacementGroup.InUse
      """
          .lines()
          .map(line -> line.split(" +"))
          .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));

  private Ec2Codes() {}

  static Ec2Fault fault(Refusal refusal) {
    String code = CODES.getOrDefault(refusal.code(), respelled(refusal.code()));
    return switch (refusal) {
      case Refusal.Unauthenticated gone -> new Ec2Fault(401, "AuthFailure", gone.detail());
      case Refusal.Forbidden forbidden ->
          new Ec2Fault(403, "UnauthorizedOperation", forbidden.detail());
      case Refusal.Spent spent -> new Ec2Fault(code, spent.detail());
      case Refusal.Busy busy -> new Ec2Fault(503, "RequestLimitExceeded", busy.detail());
      case Refusal.Unavailable away -> new Ec2Fault(503, "Unavailable", away.detail());
      case Refusal.Unfit unfit ->
          unfit.form() == Refusal.Form.KEY_REUSED
              ? new Ec2Fault("IdempotentParameterMismatch", unfit.detail())
              : new Ec2Fault(413, "RequestEntityTooLarge", unfit.detail());
      case Refusal.Malformed malformed -> new Ec2Fault("InvalidRequest", malformed.detail());
      case Refusal.Invalid invalid -> new Ec2Fault(code, invalid.detail());
      case Refusal.NotFound missing -> new Ec2Fault(code, missing.detail());
      case Refusal.Conflict conflict -> new Ec2Fault(code, conflict.detail());
    };
  }

  private static String respelled(String code) {
    return Arrays.stream(code.split("_")).map(Text::capitalized).collect(Collectors.joining());
  }
}
