package brume.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/// What EC2's actions refuse, with which code and in which words: as EC2's reference and its error
/// code list have them. All of it is refused before anything changes.
@ExtendWith(SharedCloud.class)
final class Ec2RefusalDbTest {
  /// action and parameters | code | part of the message; `=17` stands for 0123456789abcdef0
  private static final String REFUSALS =
      """
      DescribeInstances&InstanceId.1=i-=17&InstanceId.2=i-12345678 | InvalidInstanceID.NotFound | The instance IDs 'i-0123456789abcdef0, i-12345678' do not exist
      DescribeInstances&InstanceId.1=web | InvalidInstanceID.Malformed | Invalid id: &quot;web&quot; (expecting &quot;i-...&quot;)
      DescribeInstances&InstanceId.1=web&InstanceId.2=i-=17 | InvalidInstanceID.Malformed | web
      DescribeInstances&MaxResults=1001 | InvalidParameterValue | Expecting a value less than or equal to 1000.
      DescribeInstances&MaxResults=4 | InvalidParameterValue | Expecting a value greater than or equal to 5.
      DescribeInstances&InstanceId.1=i-=17&MaxResults=5 | InvalidParameterCombination | instancesSet cannot be used with the parameter maxResults
      DescribeInstances&NextToken=abc | InvalidNextToken | not valid
      DescribeInstances&MaxResults=many | InvalidParameterValue | MaxResults
      DescribeInstanceCreditSpecifications&InstanceId.1=i-=17&MaxResults=5 | InvalidParameterCombination | maxResults
      DescribeNetworkInterfaces&NetworkInterfaceId.1=eni-=17&MaxResults=5 | InvalidParameterCombination | maxResults
      DescribeRouteTables&MaxResults=101 | InvalidParameterValue | less than or equal to 100
      DescribeInstanceTypes&MaxResults=101 | InvalidParameterValue | less than or equal to 100
      DescribeLaunchTemplates&MaxResults=201 | InvalidParameterValue | less than or equal to 200
      DescribeInstanceTypes&InstanceType.1=e9.big&InstanceType.2=e8.big | InvalidInstanceType | do not exist: [e9.big, e8.big]
      DescribeImages&ImageId.1=ami-=17&ImageId.2=ami-12345678 | InvalidAMIID.NotFound | The image ids '[ami-0123456789abcdef0, ami-12345678]' do not exist
      DescribeVpcs&VpcId.1=vpc-=17&VpcId.2=vpc-12345678 | InvalidVpcID.NotFound | The vpc IDs 'vpc-0123456789abcdef0, vpc-12345678' do not exist
      DescribeSubnets&SubnetId.1=subnet-=17 | InvalidSubnetID.NotFound | The subnet ID 'subnet-0123456789abcdef0' does not exist
      DescribeSecurityGroups&GroupId.1=sg-=17 | InvalidGroup.NotFound | The security group 'sg-0123456789abcdef0' does not exist
      DescribeSecurityGroups&GroupId.1=web | InvalidGroupId.Malformed | web
      DescribeSecurityGroups&GroupName.1=x&GroupName.2=y | InvalidGroup.NotFound | 'x, y'
      DescribeVolumes&VolumeId.1=vol-=17 | InvalidVolume.NotFound | The volume 'vol-0123456789abcdef0' does not exist.
      DescribeVolumes&VolumeId.1=disk | InvalidVolumeID.Malformed | disk
      DescribeSnapshots&SnapshotId.1=snap-=17 | InvalidSnapshot.NotFound | The snapshot 'snap-0123456789abcdef0' does not exist.
      DescribeKeyPairs&KeyName.1=none | InvalidKeyPair.NotFound | The key pair 'none' does not exist
      DescribeAddresses&PublicIp.1=9.9.9.9 | InvalidAddress.NotFound | Address '9.9.9.9' not found.
      DescribeLaunchTemplates&LaunchTemplateName.1=none | InvalidLaunchTemplateName.NotFoundException | template name none
      DescribeNetworkAcls&NetworkAclId.1=acl-=17 | InvalidNetworkAclID.NotFound | The networkAcl ID
      DescribeDhcpOptions&DhcpOptionsId.1=dopt-=17 | InvalidDhcpOptionID.NotFound | The dhcpOption ID
      DescribeNatGateways&NatGatewayId.1=nat-=17 | NatGatewayNotFound | nat-0123456789abcdef0
      StartInstances | MissingParameter | InstanceId
      StopInstances&InstanceId.1=i-=17&Hibernate=true | UnsupportedOperation | Hibernation
      RunInstances&MinCount=1&MaxCount=1 | MissingParameter | ImageId
      RunInstances&ImageId=ami-00000000000000001&MaxCount=1 | MissingParameter | MinCount
      RunInstances&RUN&InstanceType=t2.huge | InvalidParameterValue | Invalid value 't2.huge' for InstanceType.
      RunInstances&RUN&Placement.GroupName=none | InvalidPlacementGroup.Unknown | The Placement Group 'none' is unknown.
      RunInstances&RUN&KeyName=none | InvalidKeyPair.NotFound | The key pair 'none' does not exist
      RunInstances&RUN&SubnetId=subnet-=17&SecurityGroup.1=default | InvalidParameterCombination | groupName cannot be used with the parameter subnet
      RunInstances&RUN&UserData=%21 | InvalidUserData.Malformed | BASE64
      RunInstances&RUN&LicenseSpecification.1.LicenseConfigurationArn=x | UnsupportedOperation | LicenseSpecification.1.LicenseConfigurationArn
      RunInstances&RUN&Colour=red | UnknownParameter | Colour
      RunInstances&RUN&ClientToken=LONG | InvalidParameterValue | 64
      RunInstances&RUN&DisableApiTermination=perhaps | InvalidParameterValue | DisableApiTermination
      RunInstances&RUN&TagSpecification.1.ResourceType=instance&TagSpecification.1.Tag.1.Key=a&TagSpecification.1.Tag.2.Key=a | InvalidParameterValue | Duplicate tag key 'a' specified.
      RunInstances&RUN&TagSpecification.1.ResourceType=instance | InvalidParameterValue | at least one tag
      RunInstances&RUN&TagSpecification.1.ResourceType=instance&TagSpecification.1.Tag.1.Key=LONG | InvalidParameterValue | 128
      RunInstances&RUN&BlockDeviceMapping.1.DeviceName=/dev/sdf&BlockDeviceMapping.1.Ebs.VolumeSize=0 | InvalidParameterValue | GiB
      RunInstances&RUN&DryRun=true | DryRunOperation | Request would have succeeded, but DryRun flag is set.
      TerminateInstances&InstanceId.1=i-=17&DryRun=true | InvalidInstanceID.NotFound | does not exist
      ModifyInstanceAttribute&InstanceId=i-=17&Attribute=colour&Value=red | InvalidParameterValue | attribute
      CreateTags&ResourceId.1=i-=17&Tag.1.Key=a | InvalidInstanceID.NotFound | i-0123456789abcdef0
      CreateTags&ResourceId.1=thing&Tag.1.Key=a | InvalidID | The ID 'thing' is not valid
      CreateTags&ResourceId.1=i-=17&Tag.1.Value=a | MissingParameter | Tag.Key
      CreateTags&ResourceId.1=i-=17&Tag.1.Key=aws:a | InvalidParameterValue | Tag keys starting with 'aws:' are reserved for internal use
      CreateTags&Tag.1.Key=a | MissingParameter | ResourceId
      CreateVolume&Size=1 | MissingParameter | AvailabilityZone
      CreateVolume&AvailabilityZone=mars-1a&Size=1 | InvalidZone.NotFound | The zone 'mars-1a' does not exist.
      CreateVolume&AvailabilityZone=us-east-1a | MissingParameter | size/snapshot
      CreateVolume&AvailabilityZone=us-east-1a&Size=1&VolumeType=floppy | UnknownVolumeType | 'floppy'
      CreateVolume&AvailabilityZone=us-east-1a&Size=10&VolumeType=io1 | MissingParameter | iops
      CreateVolume&AvailabilityZone=us-east-1a&Size=10&VolumeType=io1&Iops=600 | InvalidParameterValue | Iops to volume size ratio of 60.000000 is too high; maximum is 50
      CreateVolume&AvailabilityZone=us-east-1a&Size=100&VolumeType=gp3&Throughput=1000 | InvalidParameterValue | Throughput (MiBps) to iops ratio of 0.333333 is too high; maximum is 0.250000 MiBps per iops
      CreateVolume&AvailabilityZone=us-east-1a&Size=10&VolumeType=gp2&Iops=500 | InvalidParameterCombination | gp2
      CreateVolume&AvailabilityZone=us-east-1a&SnapshotId=snap-=17 | InvalidSnapshot.NotFound | snap-0123456789abcdef0
      CreateVolume&AvailabilityZone=us-east-1a&Size=1&OutpostArn=x | UnsupportedOperation | OutpostArn
      CopySnapshot&SourceRegion=mars&SourceSnapshotId=snap-=17 | InvalidParameterValue | SourceRegion
      ModifySnapshotAttribute&SnapshotId=snap-=17 | InvalidSnapshot.NotFound | snap-0123456789abcdef0
      CreateImage&InstanceId=i-=17&Name=ok-name | InvalidInstanceID.NotFound | i-0123456789abcdef0
      RegisterImage&Name=ab&BlockDeviceMapping.1.DeviceName=/dev/sda1 | MissingParameter | ebs
      DeregisterImage&ImageId=ami-=17 | InvalidAMIID.NotFound | The image id '[ami-0123456789abcdef0]' does not exist
      DeregisterImage&ImageId=ami-00000000000000001 | AuthFailure | Not authorized for image:ami-00000000000000001
      CreateVpc | MissingParameter | cidrBlock
      AssociateVpcCidrBlock&VpcId=vpc-=17 | MissingParameter | CidrBlock
      AssociateVpcCidrBlock&VpcId=vpc-=17&CidrBlock=10.9.0.0/16 | InvalidVpcID.NotFound | The vpc ID 'vpc-0123456789abcdef0' does not exist
      DisassociateVpcCidrBlock&AssociationId=vpc-cidr-assoc-=17 | InvalidVpcCidrBlockAssociationID.NotFound | does not exist
      CreateVpc&CidrBlock=10.0.0.0/8 | InvalidVpc.Range | The CIDR '10.0.0.0/8' is invalid
      CreateVpc&CidrBlock=10.0.0.0 | InvalidParameterValue | Value (10.0.0.0) for parameter cidrBlock is invalid. This is not a valid CIDR block.
      CreateVpc&CidrBlock=10.0.0.0/16&Ipv4IpamPoolId=x | UnsupportedOperation | Ipv4IpamPoolId
      ModifyVpcAttribute&VpcId=vpc-=17&EnableDnsSupport.Value=true | InvalidVpcID.NotFound | vpc-0123456789abcdef0
      CreateSecurityGroup&GroupName=default&GroupDescription=x | InvalidParameterValue | Cannot use reserved security group name: default
      CreateSecurityGroup&GroupName=sg-1&GroupDescription=x | InvalidParameterValue | sg-
      CreateSecurityGroup&GroupName=x | MissingParameter | GroupDescription
      AuthorizeSecurityGroupIngress&GroupName=default | MissingParameter | IpPermissions
      AuthorizeSecurityGroupIngress&GroupName=default&IpProtocol=tcp&CidrIp=0.0.0.0/0 | InvalidParameterValue | Must specify both from and to ports with TCP/UDP.
      AuthorizeSecurityGroupIngress&GroupName=default&IpProtocol=x&CidrIp=0.0.0.0/0 | InvalidPermission.Malformed | x
      AuthorizeSecurityGroupIngress&GroupName=default&IpPermissions.1.IpProtocol=-1&IpPermissions.1.Ipv6Ranges.1.CidrIpv6=::1::/64 | InvalidParameterValue | CIDR block ::1::/64 is malformed
      CreateNetworkInterface&SubnetId=subnet-=17&InterfaceType=efa | UnsupportedOperation | InterfaceType
      AssociateAddress&AllocationId=eipalloc-=17&InstanceId=i-=17 | InvalidAllocationID.NotFound | eipalloc-0123456789abcdef0
      ReleaseAddress | MissingParameter | AllocationId
      DisassociateAddress&AssociationId=eipassoc-=17 | InvalidAssociationID.NotFound | The association ID 'eipassoc-0123456789abcdef0' does not exist
      AllocateAddress&Domain=standard | InvalidParameterValue | domain
      CreateNetworkAclEntry&NetworkAclId=acl-=17&RuleNumber=1&Protocol=tcp&RuleAction=allow&Egress=true&CidrBlock=0.0.0.0/0 | MissingParameter | portRange
      CreateNetworkAclEntry&NetworkAclId=acl-=17&RuleNumber=1&Protocol=-1&RuleAction=maybe&Egress=true&CidrBlock=0.0.0.0/0 | InvalidParameterValue | ruleAction
      CreateLaunchTemplate&LaunchTemplateName=x&LaunchTemplateData.InstanceType=e1.nano | InvalidLaunchTemplateName.MalformedException | 3 to 128
      CreateLaunchTemplate&LaunchTemplateName=xyz | MissingParameter | LaunchTemplateData
      ModifyLaunchTemplate&LaunchTemplateId=lt-=17&LaunchTemplateName=x&SetDefaultVersion=1 | InvalidParameterCombination | LaunchTemplateName
      CreatePlacementGroup&GroupName=x&Strategy=tight | InvalidParameterValue | tight
      DeletePlacementGroup&GroupName=none | InvalidPlacementGroup.Unknown | The Placement Group 'none' is unknown.
      DescribeRegions&RegionName.1=mars | InvalidParameterValue | Invalid region provided: mars
      DescribeAvailabilityZones&ZoneName.1=mars-1a | InvalidParameterValue | Invalid availability zone: [mars-1a]
      PurchaseReservedInstancesOffering | InvalidAction | The action PurchaseReservedInstancesOffering is not valid for this web service.
      """;

  private static RequestSigner signer() {
    return new RequestSigner(SharedCloud.get(), TestCloud.ACCESS_KEY, TestCloud.ACCESS_KEY_SECRET);
  }

  private static String form(String cell) {
    String filled =
        cell.replace("&RUN", "&ImageId=ami-00000000000000001&MinCount=1&MaxCount=1")
            .replace("=17", "0123456789abcdef0")
            .replace("=LONG", "=" + "x".repeat(129))
            .replace(":", "%3A");
    return "Action=" + filled + "&Version=2016-11-15";
  }

  @TestFactory
  Stream<DynamicTest> whatIsWrongIsSaidAsEc2SaysIt() {
    return REFUSALS
        .lines()
        .map(line -> {
          List<String> cells = Stream.of(line.split("\\|")).map(String::strip).toList();
          return DynamicTest.dynamicTest(
              cells.get(0),
              () -> {
                TestCloud.Answer answer = signer().post(form(cells.get(0)));
                String body = answer.body().replace("\"", "&quot;");
                assertThat(body).contains("<Code>" + cells.get(1) + "</Code>");
                assertThat(body).contains(cells.get(2));
              });
        });
  }

  @Test
  void aBodyThatIsTooLongIsRefusedInEc2sForm() {
    TestCloud.Answer answer = signer().post("Action=DescribeRegions&x=" + "y".repeat(1_100_000));
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.body()).contains("<Code>RequestEntityTooLarge</Code>", "1048576");
  }
}
