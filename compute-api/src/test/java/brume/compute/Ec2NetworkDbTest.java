package brume.compute;

import static brume.compute.Ec2Clients.filter;
import static brume.compute.Ec2Clients.refusal;
import static brume.compute.Ec2Clients.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.UserIdGroupPair;
import software.amazon.awssdk.services.ec2.model.Vpc;

/// Virtual networks, subnets and security groups through the EC2 door, by AWS' own client.
@ExtendWith(SharedCloud.class)
final class Ec2NetworkDbTest {
  private static Ec2Clients clients;
  private static Ec2Client ec2;

  @BeforeAll
  static void start() {
    clients = new Ec2Clients(SharedCloud.get());
    ec2 = clients.owner();
  }

  @AfterAll
  static void stop() {
    ec2.close();
  }

  private static String network(String cidr) {
    return ec2.createVpc(vpc -> vpc.cidrBlock(cidr)).vpc().vpcId();
  }

  @Test
  void everyAccountHasADefaultNetworkInEveryRegion() {
    for (String region : List.of("us-east-1", "eu-west-1")) {
      try (Ec2Client there = clients.owner(region)) {
        List<Vpc> vpcs =
            there.describeVpcs(vpc -> vpc.filters(filter("is-default", "true"))).vpcs();
        assertThat(vpcs).hasSize(1);
        assertThat(vpcs.getFirst().cidrBlock()).isEqualTo("172.31.0.0/16");
        String id = vpcs.getFirst().vpcId();
        List<Subnet> subnets =
            there.describeSubnets(subnet -> subnet.filters(filter("vpc-id", id))).subnets();
        assertThat(subnets)
            .extracting(Subnet::availabilityZone)
            .containsExactly(region + "a", region + "b", region + "c");
        assertThat(subnets)
            .extracting(Subnet::cidrBlock)
            .containsExactly("172.31.0.0/20", "172.31.16.0/20", "172.31.32.0/20");
        List<SecurityGroup> groups =
            there
                .describeSecurityGroups(group -> group.filters(filter("vpc-id", id)))
                .securityGroups();
        assertThat(groups).extracting(SecurityGroup::groupName).contains("default");
      }
    }
  }

  @Test
  void aNetworkIsMadeAndGoesOnlyWhenItIsEmpty() {
    assertThat(refused(() -> network("10.0.0.0/8"))).isEqualTo("InvalidVpc.Range");
    assertThat(refused(() -> network("10.0.0.0"))).isEqualTo("InvalidParameterValue");
    String vpc = network("10.1.2.3/16");
    assertThat(ec2.describeVpcs(request -> request.vpcIds(vpc)).vpcs().getFirst().cidrBlock())
        .isEqualTo("10.1.0.0/16");
    String subnet =
        ec2.createSubnet(request ->
                request.vpcId(vpc).cidrBlock("10.1.1.0/24").availabilityZone("us-east-1b"))
            .subnet()
            .subnetId();
    assertThat(
            refused(
                () -> ec2.createSubnet(request -> request.vpcId(vpc).cidrBlock("10.1.1.128/25"))))
        .isEqualTo("InvalidSubnet.Conflict");
    assertThat(
            refused(() -> ec2.createSubnet(request -> request.vpcId(vpc).cidrBlock("10.2.0.0/24"))))
        .isEqualTo("InvalidSubnet.Range");
    assertThat(refusal(() -> ec2.deleteVpc(request -> request.vpcId(vpc))))
        .isEqualTo(
            "DependencyViolation: The vpc '" + vpc + "' has dependencies and cannot be deleted.");
    ec2.modifyVpcAttribute(
        request -> request.vpcId(vpc).enableDnsHostnames(value -> value.value(true)));
    assertThat(
            ec2.describeVpcAttribute(request -> request.vpcId(vpc).attribute("enableDnsHostnames"))
                .enableDnsHostnames()
                .value())
        .isTrue();
    ec2.deleteSubnet(request -> request.subnetId(subnet));
    ec2.deleteVpc(request -> request.vpcId(vpc));
    assertThat(refused(() -> ec2.describeVpcs(request -> request.vpcIds(vpc))))
        .isEqualTo("InvalidVpcID.NotFound");
    assertThat(refused(() -> ec2.deleteSubnet(request -> request.subnetId(subnet))))
        .isEqualTo("InvalidSubnetID.NotFound");
  }

  @Test
  void rulesAreGivenAndTakenOnceEach() {
    String vpc = network("10.3.0.0/16");
    String group =
        ec2.createSecurityGroup(
                request -> request.vpcId(vpc).groupName("web").description("the web"))
            .groupId();
    assertThat(
            refused(() ->
                ec2.createSecurityGroup(
                    request -> request.vpcId(vpc).groupName("web").description("again"))))
        .isEqualTo("InvalidGroup.Duplicate");
    IpPermission ssh =
        IpPermission.builder()
            .ipProtocol("tcp")
            .fromPort(22)
            .toPort(22)
            .ipRanges(
                IpRange.builder().cidrIp("10.0.0.0/8").description("inside").build(),
                IpRange.builder().cidrIp("192.168.0.0/16").build())
            .build();
    assertThat(
            ec2.authorizeSecurityGroupIngress(request -> request.groupId(group).ipPermissions(ssh))
                .securityGroupRules())
        .hasSize(2);
    assertThat(
            refused(() ->
                ec2.authorizeSecurityGroupIngress(
                    request -> request.groupId(group).ipPermissions(ssh))))
        .isEqualTo("InvalidPermission.Duplicate");
    ec2.authorizeSecurityGroupIngress(request ->
        request
            .groupId(group)
            .ipPermissions(
                IpPermission.builder()
                    .ipProtocol("-1")
                    .userIdGroupPairs(UserIdGroupPair.builder().groupId(group).build())
                    .build()));
    SecurityGroup shown =
        ec2.describeSecurityGroups(request -> request.groupIds(group)).securityGroups().getFirst();
    assertThat(shown.ipPermissions()).hasSize(2);
    assertThat(shown.ipPermissions().getFirst().ipRanges()).isEqualTo(ssh.ipRanges());
    assertThat(shown.ipPermissionsEgress()).hasSize(1);
    assertThat(
            ec2.describeSecurityGroupRules(request -> request.filters(filter("group-id", group)))
                .securityGroupRules())
        .hasSize(4);
    assertThat(
            ec2.describeSecurityGroups(request ->
                    request.filters(
                        filter("ip-permission.cidr", "192.168.*"), filter("vpc-id", vpc)))
                .securityGroups())
        .hasSize(1);
    ec2.revokeSecurityGroupIngress(request -> request.groupId(group).ipPermissions(ssh));
    assertThat(
            refused(() ->
                ec2.revokeSecurityGroupIngress(
                    request -> request.groupId(group).ipPermissions(ssh))))
        .isEqualTo("InvalidPermission.NotFound");
    for (IpPermission wrong :
        List.of(
            ssh.toBuilder().fromPort(null).build(),
            ssh.toBuilder().toPort(70_000).build(),
            ssh.toBuilder().ipRanges(IpRange.builder().cidrIp("10.0.0.0/33").build()).build())) {
      assertThat(
              refused(() ->
                  ec2.authorizeSecurityGroupIngress(
                      request -> request.groupId(group).ipPermissions(wrong))))
          .isEqualTo("InvalidParameterValue");
    }
    ec2.deleteSecurityGroup(request -> request.groupId(group));
    assertThat(refusal(() -> ec2.describeSecurityGroups(request -> request.groupIds(group))))
        .isEqualTo("InvalidGroup.NotFound: The security group '" + group + "' does not exist");
    String own =
        ec2.describeSecurityGroups(request -> request.filters(filter("vpc-id", vpc)))
            .securityGroups()
            .getFirst()
            .groupId();
    assertThat(refused(() -> ec2.deleteSecurityGroup(request -> request.groupId(own))))
        .isEqualTo("CannotDelete");
    ec2.deleteVpc(request -> request.vpcId(vpc));
  }

  @Test
  void aGroupInUseStays() {
    String group =
        ec2.createSecurityGroup(request -> request.groupName("busy").description("in use"))
            .groupId();
    ec2.runInstances(request ->
        request
            .imageId("ami-00000000000000001")
            .instanceType("e1.nano")
            .minCount(1)
            .maxCount(1)
            .securityGroupIds(group));
    assertThat(refused(() -> ec2.deleteSecurityGroup(request -> request.groupId(group))))
        .isEqualTo("DependencyViolation");
    try (Ec2Client stranger = clients.stranger()) {
      assertThat(refused(() -> stranger.deleteSecurityGroup(request -> request.groupId(group))))
          .isEqualTo("InvalidGroup.NotFound");
      assertThat(
              stranger
                  .describeSecurityGroups(request -> request.filters(filter("group-id", group)))
                  .securityGroups())
          .isEmpty();
    }
  }
}
