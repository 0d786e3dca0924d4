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
import software.amazon.awssdk.services.ec2.model.Address;
import software.amazon.awssdk.services.ec2.model.AssignPrivateIpAddressesResponse;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceAttribute;
import software.amazon.awssdk.services.ec2.model.NetworkInterfacePrivateIpAddress;

/// Addresses and network interfaces through the EC2 door, by AWS' own client, in a network of the
/// test's own account.
@ExtendWith(SharedCloud.class)
final class Ec2InterfaceDbTest {
  private static Ec2Client ec2;
  private static String vpc;
  private static String subnet;
  private static String gateway;

  @BeforeAll
  static void start() {
    ec2 = new Ec2Clients(SharedCloud.get()).newAccount("interfaces");
    vpc = ec2.createVpc(request -> request.cidrBlock("10.20.0.0/16")).vpc().vpcId();
    subnet = subnet("10.20.1.0/24", "us-east-1a");
    gateway = ec2.createInternetGateway(request -> {}).internetGateway().internetGatewayId();
    ec2.attachInternetGateway(request -> request.internetGatewayId(gateway).vpcId(vpc));
  }

  @AfterAll
  static void stop() {
    ec2.close();
  }

  private static String subnet(String block, String zone) {
    return ec2.createSubnet(request -> request.vpcId(vpc).cidrBlock(block).availabilityZone(zone))
        .subnet()
        .subnetId();
  }

  private static Instance launch() {
    return ec2.runInstances(request ->
            request
                .imageId("ami-00000000000000001")
                .instanceType("e1.nano")
                .minCount(1)
                .maxCount(1)
                .subnetId(subnet))
        .instances()
        .getFirst();
  }

  private static NetworkInterface card(String id) {
    return ec2.describeNetworkInterfaces(request -> request.networkInterfaceIds(id))
        .networkInterfaces()
        .getFirst();
  }

  @Test
  void anAddressGoesFromOneInterfaceToAnother() {
    Instance instance = launch();
    String id = instance.instanceId();
    String address = ec2.allocateAddress(request -> request.domain("vpc")).allocationId();
    String association =
        ec2.associateAddress(request -> request.allocationId(address).instanceId(id))
            .associationId();
    Address shown = address(address);
    assertThat(shown.associationId()).isEqualTo(association);
    assertThat(shown.instanceId()).isEqualTo(id);
    assertThat(shown.privateIpAddress()).isEqualTo(instance.privateIpAddress());
    Instance with =
        ec2.describeInstances(request -> request.filters(filter("ip-address", shown.publicIp())))
            .reservations()
            .getFirst()
            .instances()
            .getFirst();
    assertThat(with.instanceId()).isEqualTo(id);
    assertThat(with.publicIpAddress()).isEqualTo(shown.publicIp());
    String other =
        ec2.createNetworkInterface(request -> request.subnetId(subnet))
            .networkInterface()
            .networkInterfaceId();
    assertThat(
            refused(() ->
                ec2.associateAddress(request ->
                    request
                        .allocationId(address)
                        .networkInterfaceId(other)
                        .allowReassociation(false))))
        .isEqualTo("Resource.AlreadyAssociated");
    assertThat(refused(() -> ec2.releaseAddress(request -> request.allocationId(address))))
        .isEqualTo("InvalidIPAddress.InUse");
    assertThat(
            refusal(() ->
                ec2.detachInternetGateway(
                    request -> request.internetGatewayId(gateway).vpcId(vpc))))
        .startsWith("DependencyViolation: Network " + vpc + " has some mapped public address(es)");
    ec2.associateAddress(request -> request.allocationId(address).networkInterfaceId(other));
    assertThat(card(other).association().publicIp()).isEqualTo(shown.publicIp());
    assertThat(
            refused(() -> ec2.disassociateAddress(request -> request.associationId(association))))
        .isEqualTo("InvalidAssociationID.NotFound");
    String now = address(address).associationId();
    ec2.disassociateAddress(request -> request.associationId(now));
    assertThat(address(address).associationId()).isNull();
    ec2.releaseAddress(request -> request.allocationId(address));
    assertThat(refusal(() -> address(address)))
        .isEqualTo(
            "InvalidAllocationID.NotFound: The allocation ID '" + address + "' does not exist");
    ec2.deleteNetworkInterface(request -> request.networkInterfaceId(other));
  }

  private static Address address(String id) {
    return ec2.describeAddresses(request -> request.allocationIds(id)).addresses().getFirst();
  }

  @Test
  void anInterfaceIsMadeAttachedChangedAndDeleted() {
    NetworkInterface made =
        ec2.createNetworkInterface(request ->
                request
                    .subnetId(subnet)
                    .description("second")
                    .clientToken("card-1")
                    .privateIpAddress("10.20.1.77"))
            .networkInterface();
    String id = made.networkInterfaceId();
    assertThat(made.statusAsString()).isEqualTo("pending");
    assertThat(
            ec2.createNetworkInterface(request ->
                    request
                        .subnetId(subnet)
                        .description("second")
                        .clientToken("card-1")
                        .privateIpAddress("10.20.1.77"))
                .networkInterface()
                .networkInterfaceId())
        .as("the same token makes it once")
        .isEqualTo(id);
    assertThat(
            refused(() ->
                ec2.createNetworkInterface(
                    request -> request.subnetId(subnet).clientToken("card-1"))))
        .isEqualTo("IdempotentParameterMismatch");
    assertThat(
            refused(() ->
                ec2.createNetworkInterface(
                    request -> request.subnetId(subnet).privateIpAddress("10.20.1.77"))))
        .isEqualTo("InvalidIPAddress.InUse");
    assertThat(card(id).statusAsString()).isEqualTo("available");
    String instance = launch().instanceId();
    assertThat(
            refused(() ->
                ec2.attachNetworkInterface(
                    request -> request.networkInterfaceId(id).instanceId(instance).deviceIndex(0))))
        .isEqualTo("InvalidParameterValue");
    String attachment =
        ec2.attachNetworkInterface(
                request -> request.networkInterfaceId(id).instanceId(instance).deviceIndex(1))
            .attachmentId();
    NetworkInterface attached = card(id);
    assertThat(attached.statusAsString()).isEqualTo("in-use");
    assertThat(attached.attachment().attachmentId()).isEqualTo(attachment);
    assertThat(attached.attachment().deleteOnTermination()).isFalse();
    assertThat(refusal(() -> ec2.deleteNetworkInterface(request -> request.networkInterfaceId(id))))
        .isEqualTo("InvalidParameterValue: Network interface '" + id + "' is currently in use.");
    ec2.modifyNetworkInterfaceAttribute(request ->
        request
            .networkInterfaceId(id)
            .attachment(change -> change.attachmentId(attachment).deleteOnTermination(true)));
    ec2.modifyNetworkInterfaceAttribute(
        request -> request.networkInterfaceId(id).sourceDestCheck(value -> value.value(false)));
    assertThat(card(id).attachment().deleteOnTermination()).isTrue();
    assertThat(attribute(id, NetworkInterfaceAttribute.SOURCE_DEST_CHECK)).isEqualTo("false");
    ec2.resetNetworkInterfaceAttribute(request -> request.networkInterfaceId(id));
    assertThat(attribute(id, NetworkInterfaceAttribute.SOURCE_DEST_CHECK)).isEqualTo("true");
    assertThat(attribute(id, NetworkInterfaceAttribute.DESCRIPTION)).isEqualTo("second");
    String first =
        ec2
            .describeInstances(request -> request.instanceIds(instance))
            .reservations()
            .getFirst()
            .instances()
            .getFirst()
            .networkInterfaces()
            .stream()
            .filter(card -> card.attachment().deviceIndex() == 0)
            .findFirst()
            .orElseThrow()
            .attachment()
            .attachmentId();
    assertThat(refused(() -> ec2.detachNetworkInterface(request -> request.attachmentId(first))))
        .isEqualTo("OperationNotPermitted");
    ec2.detachNetworkInterface(request -> request.attachmentId(attachment));
    ec2.deleteNetworkInterface(request -> request.networkInterfaceId(id));
    assertThat(refused(() -> card(id))).isEqualTo("InvalidNetworkInterfaceID.NotFound");
  }

  private static String attribute(String id, NetworkInterfaceAttribute name) {
    var answer =
        ec2.describeNetworkInterfaceAttribute(
            request -> request.networkInterfaceId(id).attribute(name));
    return name == NetworkInterfaceAttribute.DESCRIPTION
        ? answer.description().value()
        : String.valueOf(answer.sourceDestCheck().value());
  }

  @Test
  void anInterfaceHasSeveralAddressesAndNobodyElseHasThem() {
    String id =
        ec2.createNetworkInterface(
                request -> request.subnetId(subnet).secondaryPrivateIpAddressCount(2))
            .networkInterface()
            .networkInterfaceId();
    assertThat(ips(id)).hasSize(3).doesNotHaveDuplicates();
    AssignPrivateIpAddressesResponse assigned =
        ec2.assignPrivateIpAddresses(
            request -> request.networkInterfaceId(id).privateIpAddresses("10.20.1.200"));
    assertThat(assigned.assignedPrivateIpAddresses().getFirst().privateIpAddress())
        .isEqualTo("10.20.1.200");
    assertThat(
            refused(() ->
                ec2.createNetworkInterface(
                    request -> request.subnetId(subnet).privateIpAddress("10.20.1.200"))))
        .isEqualTo("InvalidIPAddress.InUse");
    assertThat(
            ec2.describeNetworkInterfaces(request ->
                    request.filters(filter("addresses.private-ip-address", "10.20.1.200")))
                .networkInterfaces())
        .extracting(NetworkInterface::networkInterfaceId)
        .containsExactly(id);
    assertThat(
            refused(() ->
                ec2.unassignPrivateIpAddresses(request ->
                    request.networkInterfaceId(id).privateIpAddresses(ips(id).getFirst()))))
        .isEqualTo("InvalidParameterValue");
    assertThat(
            refused(() ->
                ec2.assignPrivateIpAddresses(
                    request -> request.networkInterfaceId(id).secondaryPrivateIpAddressCount(15))))
        .isEqualTo("PrivateIpAddressLimitExceeded");
    ec2.unassignPrivateIpAddresses(
        request -> request.networkInterfaceId(id).privateIpAddresses("10.20.1.200"));
    assertThat(ips(id)).hasSize(3).doesNotContain("10.20.1.200");
    ec2.deleteNetworkInterface(request -> request.networkInterfaceId(id));
  }

  private static List<String> ips(String id) {
    return card(id).privateIpAddresses().stream()
        .map(NetworkInterfacePrivateIpAddress::privateIpAddress)
        .toList();
  }
}
