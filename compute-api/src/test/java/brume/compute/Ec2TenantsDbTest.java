package brume.compute;

import static org.assertj.core.api.Assertions.assertThat;

import brume.compute.ec2.Operation;
import brume.compute.ec2.Operations;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.NewDhcpConfiguration;

/// Every action of the EC2 door that takes an id, asked by an account that knows all ids of
/// another's: what is another's is answered as what never was, in the same words, and stays as it
/// is. An action that is not in the table fails the test.
@ExtendWith(SharedCloud.class)
final class Ec2TenantsDbTest {
  private static final Map<String, String> THEIRS = new TreeMap<>();
  private static final Map<String, String> MINE = new TreeMap<>();
  private static RequestSigner attacker;
  private static Ec2Client ec2;
  private static String before;

  /// Action and parameters; `{x}` is another account's and `[x]` the attacker's own.
  private static final String ATTACKS =
      """
      AssignPrivateIpAddresses NetworkInterfaceId={card}&SecondaryPrivateIpAddressCount=1
      AssociateAddress AllocationId={address}&NetworkInterfaceId=[card]
      AssociateAddress AllocationId=[address]&NetworkInterfaceId={card}
      AssociateAddress AllocationId=[address]&InstanceId={instance}
      AssociateDhcpOptions DhcpOptionsId={dhcp}&VpcId=[vpc]
      AssociateDhcpOptions DhcpOptionsId=default&VpcId={vpc}
      AssociateRouteTable RouteTableId={table}&SubnetId=[subnet]
      AssociateRouteTable RouteTableId=[table]&SubnetId={subnet}
      AssociateVpcCidrBlock VpcId={vpc}&CidrBlock=10.99.0.0/16
      AttachInternetGateway InternetGatewayId={gateway}&VpcId=[vpc]
      AttachInternetGateway InternetGatewayId=[gateway]&VpcId={vpc}
      AttachNetworkInterface NetworkInterfaceId={card}&InstanceId=[instance]&DeviceIndex=1
      AttachNetworkInterface NetworkInterfaceId=[card]&InstanceId={instance}&DeviceIndex=1
      AttachVolume VolumeId={volume}&InstanceId=[instance]&Device=/dev/sdf
      AttachVolume VolumeId=[volume]&InstanceId={instance}&Device=/dev/sdf
      AuthorizeSecurityGroupEgress GroupId={group}&IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=9.9.9.9/32
      AuthorizeSecurityGroupIngress GroupId={group}&IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=9.9.9.9/32
      AuthorizeSecurityGroupIngress GroupId=[group]&IpPermissions.1.IpProtocol=-1&IpPermissions.1.Groups.1.GroupId={group}
      CopyImage Name=mine&SourceImageId={image}&SourceRegion=us-east-1
      CopySnapshot SourceSnapshotId={snapshot}&SourceRegion=us-east-1
      CreateImage InstanceId={instance}&Name=mine
      CreateLaunchTemplateVersion LaunchTemplateId={template}&LaunchTemplateData.InstanceType=e1.nano
      CreateNetworkAcl VpcId={vpc}
      CreateNetworkAclEntry NetworkAclId={acl}&RuleNumber=7&Protocol=-1&RuleAction=allow&Egress=true&CidrBlock=0.0.0.0/0
      CreateNetworkInterface SubnetId={subnet}
      CreateNetworkInterface SubnetId=[subnet]&SecurityGroupId.1={group}
      CreateRoute RouteTableId={table}&DestinationCidrBlock=9.0.0.0/8&GatewayId=[gateway]
      CreateRoute RouteTableId=[table]&DestinationCidrBlock=9.0.0.0/8&GatewayId={gateway}
      CreateRoute RouteTableId=[table]&DestinationCidrBlock=9.0.0.0/8&NetworkInterfaceId={card}
      CreateRoute RouteTableId=[table]&DestinationCidrBlock=9.0.0.0/8&InstanceId={instance}
      CreateRouteTable VpcId={vpc}
      CreateSecurityGroup GroupName=mine&GroupDescription=mine&VpcId={vpc}
      CreateSnapshot VolumeId={volume}
      CreateSnapshots InstanceSpecification.InstanceId={instance}
      CreateSubnet VpcId={vpc}&CidrBlock=10.77.9.0/24
      CreateTags ResourceId.1={instance}&Tag.1.Key=mine&Tag.1.Value=now
      CreateTags ResourceId.1={volume}&Tag.1.Key=mine&Tag.1.Value=now
      CreateTags ResourceId.1={vpc}&Tag.1.Key=mine&Tag.1.Value=now
      CreateTags ResourceId.1={image}&Tag.1.Key=mine&Tag.1.Value=now
      CreateTags ResourceId.1={key}&Tag.1.Key=mine&Tag.1.Value=now
      CreateTags ResourceId.1={template}&Tag.1.Key=mine&Tag.1.Value=now
      CreateTags ResourceId.1={acl}&Tag.1.Key=mine&Tag.1.Value=now
      CreateVolume AvailabilityZone=us-east-1a&SnapshotId={snapshot}
      DeleteDhcpOptions DhcpOptionsId={dhcp}
      DeleteInternetGateway InternetGatewayId={gateway}
      DeleteLaunchTemplate LaunchTemplateId={template}
      DeleteLaunchTemplateVersions LaunchTemplateId={template}&LaunchTemplateVersion.1=1
      DeleteNetworkAcl NetworkAclId={acl}
      DeleteNetworkAclEntry NetworkAclId={acl}&RuleNumber=100&Egress=true
      DeleteNetworkInterface NetworkInterfaceId={card}
      DeleteRoute RouteTableId={table}&DestinationCidrBlock=10.9.0.0/16
      DeleteRouteTable RouteTableId={table}
      DeleteSecurityGroup GroupId={group}
      DeleteSnapshot SnapshotId={snapshot}
      DeleteSubnet SubnetId={subnet}
      DeleteTags ResourceId.1={instance}
      DeleteTags ResourceId.1={volume}&Tag.1.Key=secret
      DeleteVolume VolumeId={volume}
      DeleteVpc VpcId={vpc}
      DeregisterImage ImageId={image}
      DescribeAddresses AllocationId.1={address}
      DescribeAddressesAttribute AllocationId.1={address}
      DescribeDhcpOptions DhcpOptionsId.1={dhcp}
      DescribeImageAttribute ImageId={image}&Attribute=description
      DescribeImages ImageId.1={image}
      DescribeInstanceAttribute InstanceId={instance}&Attribute=userData
      DescribeInstanceCreditSpecifications InstanceId.1={instance}
      DescribeInstanceStatus InstanceId.1={instance}
      DescribeInstances InstanceId.1={instance}
      DescribeInternetGateways InternetGatewayId.1={gateway}
      DescribeKeyPairs KeyPairId.1={key}
      DescribeLaunchTemplateVersions LaunchTemplateId={template}
      DescribeLaunchTemplates LaunchTemplateId.1={template}
      DescribeNetworkAcls NetworkAclId.1={acl}
      DescribeNetworkInterfaceAttribute NetworkInterfaceId={card}&Attribute=description
      DescribeNetworkInterfaces NetworkInterfaceId.1={card}
      DescribePlacementGroups GroupId.1={placement}
      DescribeRouteTables RouteTableId.1={table}
      DescribeSecurityGroupReferences GroupId.1={group}
      DescribeSecurityGroupRules SecurityGroupRuleId.1={rule}
      DescribeSecurityGroups GroupId.1={group}
      DescribeSnapshotAttribute SnapshotId={snapshot}&Attribute=createVolumePermission
      DescribeSnapshots SnapshotId.1={snapshot}
      DescribeStaleSecurityGroups VpcId={vpc}
      DescribeSubnets SubnetId.1={subnet}
      DescribeVolumeAttribute VolumeId={volume}&Attribute=autoEnableIO
      DescribeVolumeStatus VolumeId.1={volume}
      DescribeVolumes VolumeId.1={volume}
      DescribeVolumesModifications VolumeId.1={volume}
      DescribeVpcAttribute VpcId={vpc}&Attribute=enableDnsSupport
      DescribeVpcClassicLink VpcId.1={vpc}
      DescribeVpcClassicLinkDnsSupport VpcIds.1={vpc}
      DescribeVpcs VpcId.1={vpc}
      DetachInternetGateway InternetGatewayId={gateway}&VpcId={vpc}
      DetachNetworkInterface AttachmentId={attachment}
      DetachVolume VolumeId={rootVolume}
      DisassociateAddress AssociationId={addressAssociation}
      DisassociateRouteTable AssociationId={tableAssociation}
      DisassociateVpcCidrBlock AssociationId={vpcBlock}
      GetConsoleOutput InstanceId={instance}
      GetLaunchTemplateData InstanceId={instance}
      GetPasswordData InstanceId={instance}
      ModifyImageAttribute ImageId={image}&Description.Value=mine
      ModifyInstanceAttribute InstanceId={instance}&DisableApiStop.Value=true
      ModifyInstanceCreditSpecification InstanceCreditSpecification.1.InstanceId={instance}&InstanceCreditSpecification.1.CpuCredits=unlimited
      ModifyInstanceMetadataOptions InstanceId={instance}&HttpTokens=required
      ModifyLaunchTemplate LaunchTemplateId={template}&SetDefaultVersion=1
      ModifyNetworkInterfaceAttribute NetworkInterfaceId={card}&Description.Value=mine
      ModifySecurityGroupRules GroupId={group}&SecurityGroupRule.1.SecurityGroupRuleId={rule}&SecurityGroupRule.1.SecurityGroupRule.IpProtocol=-1&SecurityGroupRule.1.SecurityGroupRule.CidrIpv4=9.9.9.9/32
      ModifySecurityGroupRules GroupId=[group]&SecurityGroupRule.1.SecurityGroupRuleId={rule}&SecurityGroupRule.1.SecurityGroupRule.IpProtocol=-1&SecurityGroupRule.1.SecurityGroupRule.CidrIpv4=9.9.9.9/32
      ModifySnapshotAttribute SnapshotId={snapshot}&CreateVolumePermission.Add.1.Group=all
      ModifySubnetAttribute SubnetId={subnet}&MapPublicIpOnLaunch.Value=true
      ModifyVolume VolumeId={volume}&Size=50
      ModifyVolumeAttribute VolumeId={volume}&AutoEnableIO.Value=true
      ModifyVpcAttribute VpcId={vpc}&EnableDnsSupport.Value=false
      MonitorInstances InstanceId.1={instance}
      RebootInstances InstanceId.1={instance}
      RegisterImage Name=mine&BlockDeviceMapping.1.DeviceName=/dev/sda1&BlockDeviceMapping.1.Ebs.SnapshotId={snapshot}
      ReleaseAddress AllocationId={address}
      ReplaceNetworkAclAssociation AssociationId={aclAssociation}&NetworkAclId=[acl]
      ReplaceNetworkAclAssociation AssociationId=[aclAssociation]&NetworkAclId={acl}
      ReplaceNetworkAclEntry NetworkAclId={acl}&RuleNumber=100&Protocol=-1&RuleAction=deny&Egress=true&CidrBlock=0.0.0.0/0
      ReplaceRoute RouteTableId={table}&DestinationCidrBlock=10.9.0.0/16&GatewayId=[gateway]
      ReplaceRouteTableAssociation AssociationId={tableAssociation}&RouteTableId=[table]
      ReplaceRouteTableAssociation AssociationId=[tableAssociation]&RouteTableId={table}
      ResetImageAttribute ImageId={image}&Attribute=launchPermission
      ResetInstanceAttribute InstanceId={instance}&Attribute=sourceDestCheck
      ResetNetworkInterfaceAttribute NetworkInterfaceId={card}
      ResetSnapshotAttribute SnapshotId={snapshot}&Attribute=createVolumePermission
      RevokeSecurityGroupEgress GroupId={group}&SecurityGroupRuleId.1={rule}
      RevokeSecurityGroupIngress GroupId={group}&SecurityGroupRuleId.1={rule}
      RevokeSecurityGroupIngress GroupId=[group]&SecurityGroupRuleId.1={rule}
      RunInstances ImageId={image}&MinCount=1&MaxCount=1&InstanceType=e1.nano
      RunInstances ImageId=ami-00000000000000001&MinCount=1&MaxCount=1&InstanceType=e1.nano&SubnetId={subnet}
      RunInstances ImageId=ami-00000000000000001&MinCount=1&MaxCount=1&InstanceType=e1.nano&SecurityGroupId.1={group}
      RunInstances ImageId=ami-00000000000000001&MinCount=1&MaxCount=1&InstanceType=e1.nano&NetworkInterface.1.DeviceIndex=0&NetworkInterface.1.NetworkInterfaceId={card}
      RunInstances ImageId=ami-00000000000000001&MinCount=1&MaxCount=1&InstanceType=e1.nano&LaunchTemplate.LaunchTemplateId={template}
      RunInstances ImageId=ami-00000000000000001&MinCount=1&MaxCount=1&InstanceType=e1.nano&BlockDeviceMapping.1.DeviceName=/dev/sdf&BlockDeviceMapping.1.Ebs.SnapshotId={snapshot}
      StartInstances InstanceId.1={instance}
      StopInstances InstanceId.1={instance}
      TerminateInstances InstanceId.1={instance}
      UnassignPrivateIpAddresses NetworkInterfaceId={card}&PrivateIpAddress.1=10.77.1.9
      UnmonitorInstances InstanceId.1={instance}
      UpdateSecurityGroupRuleDescriptionsEgress GroupId={group}&SecurityGroupRuleDescription.1.SecurityGroupRuleId={rule}
      UpdateSecurityGroupRuleDescriptionsIngress GroupId={group}&SecurityGroupRuleDescription.1.SecurityGroupRuleId={rule}
      UpdateSecurityGroupRuleDescriptionsIngress GroupId=[group]&SecurityGroupRuleDescription.1.SecurityGroupRuleId={rule}
      """;

  @BeforeAll
  static void start() {
    TestCloud cloud = SharedCloud.get();
    Ec2Clients clients = new Ec2Clients(cloud);
    String victim = account(cloud, "ec2-victim");
    String other = account(cloud, "ec2-attacker");
    ec2 = clients.ec2(clients.credentials(victim, "owner"), Ec2Clients.REGION);
    AwsBasicCredentials key = clients.credentials(other, "owner");
    attacker = new RequestSigner(cloud, key.accessKeyId(), key.secretAccessKey());
    things(THEIRS, ec2, "10.77.0.0/16", "10.77.1.0/24");
    try (Ec2Client mine = clients.ec2(key, Ec2Clients.REGION)) {
      things(MINE, mine, "10.78.0.0/16", "10.78.1.0/24");
    }
    before = fingerprint();
  }

  @AfterAll
  static void stop() {
    ec2.close();
  }

  private static String account(TestCloud cloud, String name) {
    return cloud
        .post("/v1/accounts", "{\"name\":\"" + name + "\"}")
        .json()
        .path("ownerToken")
        .path("token")
        .asString();
  }

  /// One of everything.
  private static void things(Map<String, String> ids, Ec2Client of, String block, String part) {
    String vpc = of.createVpc(request -> request.cidrBlock(block)).vpc().vpcId();
    String subnet =
        of.createSubnet(
                request -> request.vpcId(vpc).cidrBlock(part).availabilityZone("us-east-1a"))
            .subnet()
            .subnetId();
    String gateway = of.createInternetGateway(request -> {}).internetGateway().internetGatewayId();
    of.attachInternetGateway(request -> request.internetGatewayId(gateway).vpcId(vpc));
    String table = of.createRouteTable(request -> request.vpcId(vpc)).routeTable().routeTableId();
    of.createRoute(request ->
        request.routeTableId(table).destinationCidrBlock("10.9.0.0/16").gatewayId(gateway));
    String group =
        of.createSecurityGroup(
                request -> request.vpcId(vpc).groupName("secret").description("secret"))
            .groupId();
    Instance instance =
        of.runInstances(request ->
                request
                    .imageId("ami-00000000000000001")
                    .instanceType("e1.nano")
                    .minCount(1)
                    .maxCount(1)
                    .subnetId(subnet)
                    .securityGroupIds(group))
            .instances()
            .getFirst();
    String card =
        of.createNetworkInterface(request -> request.subnetId(subnet))
            .networkInterface()
            .networkInterfaceId();
    String address = of.allocateAddress(request -> {}).allocationId();
    String volume =
        of.createVolume(request -> request.availabilityZone("us-east-1a").size(1)).volumeId();
    ids.put("vpc", vpc);
    ids.put(
        "vpcBlock",
        of.associateVpcCidrBlock(request -> request.vpcId(vpc).cidrBlock("10.200.0.0/24"))
            .cidrBlockAssociation()
            .associationId());
    ids.put("subnet", subnet);
    ids.put("gateway", gateway);
    ids.put("table", table);
    ids.put(
        "tableAssociation",
        of.associateRouteTable(request -> request.routeTableId(table).subnetId(subnet))
            .associationId());
    ids.put("group", group);
    ids.put(
        "rule",
        of.describeSecurityGroupRules(
                request -> request.filters(Filter.builder().name("group-id").values(group).build()))
            .securityGroupRules()
            .getFirst()
            .securityGroupRuleId());
    ids.put("instance", instance.instanceId());
    ids.put("rootVolume", instance.blockDeviceMappings().getFirst().ebs().volumeId());
    ids.put("attachment", instance.networkInterfaces().getFirst().attachment().attachmentId());
    ids.put("card", card);
    ids.put("address", address);
    ids.put(
        "addressAssociation",
        of.associateAddress(
                request -> request.allocationId(address).instanceId(instance.instanceId()))
            .associationId());
    ids.put("volume", volume);
    ids.put("snapshot", of.createSnapshot(request -> request.volumeId(volume)).snapshotId());
    ids.put(
        "image",
        of.createImage(request -> request.instanceId(instance.instanceId()).name("secret"))
            .imageId());
    ids.put("key", of.createKeyPair(request -> request.keyName("secret")).keyPairId());
    ids.put(
        "template",
        of.createLaunchTemplate(request ->
                request
                    .launchTemplateName("secret")
                    .launchTemplateData(content -> content.instanceType("e1.nano")))
            .launchTemplate()
            .launchTemplateId());
    ids.put(
        "placement",
        of.createPlacementGroup(request -> request.groupName("secret").strategy("spread"))
            .placementGroup()
            .groupId());
    ids.put(
        "dhcp",
        of.createDhcpOptions(request ->
                request.dhcpConfigurations(
                    NewDhcpConfiguration.builder().key("domain-name").values("secret").build()))
            .dhcpOptions()
            .dhcpOptionsId());
    ids.put("acl", of.createNetworkAcl(request -> request.vpcId(vpc)).networkAcl().networkAclId());
    ids.put(
        "aclAssociation",
        of.describeNetworkAcls(request ->
                request.filters(
                    Filter.builder().name("association.subnet-id").values(subnet).build()))
            .networkAcls()
            .getFirst()
            .associations()
            .getFirst()
            .networkAclAssociationId());
  }

  /// All that the victim sees of what it has.
  private static String fingerprint() {
    return String.join(
        "\n",
        ec2.describeInstances().reservations().toString(),
        ec2.describeVolumes().volumes().toString(),
        ec2.describeSnapshots(request -> request.ownerIds("self")).snapshots().toString(),
        ec2.describeImages(request -> request.owners("self")).images().toString(),
        ec2.describeVpcs().vpcs().toString(),
        ec2.describeSubnets().subnets().toString(),
        ec2.describeSecurityGroups().securityGroups().toString(),
        ec2.describeNetworkInterfaces().networkInterfaces().toString(),
        ec2.describeRouteTables().routeTables().toString(),
        ec2.describeInternetGateways().internetGateways().toString(),
        ec2.describeAddresses().addresses().toString(),
        ec2.describeNetworkAcls().networkAcls().toString(),
        ec2.describeDhcpOptions().dhcpOptions().toString(),
        ec2.describeLaunchTemplateVersions(request -> request.versions("$Latest"))
            .launchTemplateVersions()
            .toString(),
        ec2.describeKeyPairs().keyPairs().toString(),
        ec2.describePlacementGroups().placementGroups().toString(),
        ec2.describeTags().tags().toString(),
        ec2.describeSnapshotAttribute(request ->
                request.snapshotId(THEIRS.get("snapshot")).attribute("createVolumePermission"))
            .toString()
            .replaceAll("req-[0-9a-f]+", ""));
  }

  @TestFactory
  Stream<DynamicTest> whatIsAnothersIsAsUnknownAsWhatNeverWas() {
    Stream<DynamicTest> attacks =
        ATTACKS
            .lines()
            .filter(line -> line.contains("{"))
            .map(line -> DynamicTest.dynamicTest(line, () -> attack(line)));
    return Stream.concat(
        attacks,
        Stream.of(
            DynamicTest.dynamicTest(
                "nothing has changed", () -> assertThat(fingerprint()).isEqualTo(before))));
  }

  private static void attack(String line) {
    String[] cells = line.split(" ", 2);
    String form = "Action=" + cells[0] + "&Version=2016-11-15&" + filled(cells[1], "[", "]", MINE);
    TestCloud.Answer theirs = attacker.post(filled(form, "{", "}", THEIRS));
    TestCloud.Answer nobodys = attacker.post(filled(form, "{", "}", nobodys()));
    assertThat(code(theirs)).as(theirs.body()).containsPattern("NotFound|Unknown");
    assertThat(shape(theirs)).isEqualTo(shape(nobodys));
    assertThat(theirs.status()).isEqualTo(nobodys.status());
  }

  private static Map<String, String> nobodys() {
    return THEIRS.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                entry -> entry.getValue().replaceFirst("[0-9a-f]{17}$", "0123456789abcdef0")));
  }

  private static String filled(String text, String open, String close, Map<String, String> ids) {
    String filled = text;
    for (Map.Entry<String, String> id : ids.entrySet()) {
      filled = filled.replace(open + id.getKey() + close, id.getValue());
    }
    return filled;
  }

  private static String code(TestCloud.Answer answer) {
    return answer.body().replaceAll("(?s).*<Code>(.*)</Code>.*", "$1");
  }

  /// Without the ids, which differ.
  private static String shape(TestCloud.Answer answer) {
    return answer.body().replaceAll("[a-z]+(-attach)?-[0-9a-f]{17}", "ID");
  }

  @Test
  void everyActionThatTakesAnIdIsInTheTable() {
    Pattern id =
        Pattern.compile(
            "(.*\\.)?(?!AvailabilityZone|Zone|User|KmsKey|Host|Kernel)[A-Z]\\w*Id(\\.n)?");
    TreeSet<String> listed = new TreeSet<>();
    ATTACKS.lines().forEach(line -> listed.add(line.split(" ")[0]));
    List<String> harmless =
        List.of("DeleteKeyPair", "CreateLaunchTemplate", "DescribeAvailabilityZones");
    List<String> missing =
        SharedCloud.get().context.getBean(Operations.class).all().stream()
            .filter(operation ->
                operation.parameters().keySet().stream()
                    .anyMatch(name -> id.matcher(name).matches()))
            .map(Operation::name)
            .filter(name -> !listed.contains(name) && !harmless.contains(name))
            .filter(name -> !ABSENT.contains(name))
            .toList();
    assertThat(missing).isEmpty();
  }

  /// What nobody has: every id is unknown.
  private static final List<String> ABSENT =
      List.of(
          "DescribeCapacityReservations",
          "DescribeEgressOnlyInternetGateways",
          "DescribeFlowLogs",
          "DescribeHosts",
          "DescribeIamInstanceProfileAssociations",
          "DescribeManagedPrefixLists",
          "DescribeNatGateways",
          "DescribePrefixLists",
          "DescribeSpotInstanceRequests",
          "DescribeVpcEndpoints",
          "DescribeVpcPeeringConnections",
          "DescribeVpnGateways");

  @Test
  void tagsAndFiltersShowNothingOfAnother() {
    for (Map.Entry<String, String> id : THEIRS.entrySet()) {
      TestCloud.Answer tags =
          attacker.post(
              "Action=DescribeTags&Version=2016-11-15&Filter.1.Name=resource-id&Filter.1.Value.1="
                  + id.getValue());
      assertThat(tags.body()).doesNotContain(id.getValue());
    }
    for (Operation operation : SharedCloud.get().context.getBean(Operations.class).all()) {
      if (operation.name().startsWith("Describe")
          && operation.parameters().containsKey("NextToken")) {
        TestCloud.Answer all = attacker.post("Action=" + operation.name() + "&Version=2016-11-15");
        THEIRS.values().forEach(id -> assertThat(all.body()).doesNotContain(id));
      }
    }
  }
}
