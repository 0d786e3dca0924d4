package brume.compute;

import static brume.compute.Ec2Clients.filter;
import static brume.compute.Ec2Clients.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.BlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.UserIdGroupPair;

/// Two accounts that use the same names, client tokens and page tokens, one of them to learn what
/// the other has: they never meet.
@ExtendWith(SharedCloud.class)
final class Ec2TenantsNamesDbTest {
  private static final String IMAGE = "ami-00000000000000001";
  private static final String ZONE = "us-east-1a";

  private static Ec2Client victim;
  private static Ec2Client attacker;

  @BeforeAll
  static void start() {
    Ec2Clients clients = new Ec2Clients(SharedCloud.get());
    victim = clients.newAccount("names-victim");
    attacker = clients.newAccount("names-attacker");
  }

  @AfterAll
  static void stop() {
    victim.close();
    attacker.close();
  }

  private static String launch(Ec2Client who, String type, String token) {
    return who.runInstances(request ->
            request.imageId(IMAGE).instanceType(type).minCount(1).maxCount(1).clientToken(token))
        .instances()
        .getFirst()
        .instanceId();
  }

  @Test
  void anothersClientTokenIsOnesOwnFirstUseOfIt() {
    String instance = launch(victim, "e1.nano", "token-of-both");
    String mine = launch(attacker, "e1.micro", "token-of-both");
    assertThat(mine).isNotEqualTo(instance);
    assertThat(launch(victim, "e1.nano", "token-of-both")).isEqualTo(instance);
    assertThat(refused(() -> launch(attacker, "e1.nano", "token-of-both")))
        .isEqualTo("IdempotentParameterMismatch");

    // Of other actions too, and none sees the other's order in a mismatch.
    String volume = volume(victim, 3);
    assertThat(volume(attacker, 4)).isNotEqualTo(volume);
    assertThat(volume(victim, 3)).isEqualTo(volume);
    assertThat(template(attacker)).isNotEqualTo(template(victim));
    assertThat(card(attacker)).isNotEqualTo(card(victim));
  }

  private static String volume(Ec2Client who, int size) {
    return who.createVolume(
            request -> request.availabilityZone(ZONE).size(size).clientToken("volume-of-both"))
        .volumeId();
  }

  private static String template(Ec2Client who) {
    return who.createLaunchTemplate(request ->
            request
                .launchTemplateName("template-of-both")
                .clientToken("template-of-both")
                .launchTemplateData(content -> content.instanceType("e1.nano")))
        .launchTemplate()
        .launchTemplateId();
  }

  private static String card(Ec2Client who) {
    String subnet =
        who.describeSubnets(request -> request.filters(filter("availability-zone", ZONE)))
            .subnets()
            .getFirst()
            .subnetId();
    return who.createNetworkInterface(
            request -> request.subnetId(subnet).clientToken("card-of-both"))
        .networkInterface()
        .networkInterfaceId();
  }

  /// A name that is taken by another account is free, and asking for it finds one's own or none.
  @Test
  void namesOfAnotherAreFree() {
    List<Function<Ec2Client, String>> makings =
        List.of(
            who -> who.createKeyPair(request -> request.keyName("key-of-both")).keyPairId(),
            who ->
                who.createPlacementGroup(
                        request -> request.groupName("placement-of-both").strategy("spread"))
                    .placementGroup()
                    .groupId(),
            who ->
                who.createSecurityGroup(
                        request -> request.groupName("group-of-both").description("group-of-both"))
                    .groupId(),
            who ->
                who.registerImage(request ->
                        request
                            .name("image-of-both")
                            .rootDeviceName("/dev/sda1")
                            .blockDeviceMappings(root(snapshot(who))))
                    .imageId());
    for (Function<Ec2Client, String> making : makings) {
      String theirs = making.apply(victim);
      assertThat(making.apply(attacker)).isNotEqualTo(theirs);
      assertThat(refused(() -> making.apply(attacker))).contains("Duplicate");
    }
  }

  private static BlockDeviceMapping root(String snapshot) {
    return BlockDeviceMapping.builder()
        .deviceName("/dev/sda1")
        .ebs(disk -> disk.snapshotId(snapshot))
        .build();
  }

  private static String snapshot(Ec2Client who) {
    String volume = who.createVolume(request -> request.availabilityZone(ZONE).size(1)).volumeId();
    return who.createSnapshot(request -> request.volumeId(volume)).snapshotId();
  }

  @Test
  void whatIsAskedByNameIsOnesOwn() {
    victim.createKeyPair(request -> request.keyName("victims-key"));
    victim.createSecurityGroup(
        request -> request.groupName("victims-group").description("victims-group"));
    victim.createPlacementGroup(
        request -> request.groupName("victims-placement").strategy("spread"));
    assertThat(refused(() -> attacker.describeKeyPairs(request -> request.keyNames("victims-key"))))
        .isEqualTo("InvalidKeyPair.NotFound");
    attacker.deleteKeyPair(request -> request.keyName("victims-key"));
    assertThat(victim.describeKeyPairs(request -> request.keyNames("victims-key")).keyPairs())
        .hasSize(1);
    assertThat(
            refused(() ->
                attacker.runInstances(request ->
                    request
                        .imageId(IMAGE)
                        .instanceType("e1.nano")
                        .minCount(1)
                        .maxCount(1)
                        .keyName("victims-key"))))
        .isEqualTo("InvalidKeyPair.NotFound");
    assertThat(
            refused(() ->
                attacker.describeSecurityGroups(request -> request.groupNames("victims-group"))))
        .isEqualTo("InvalidGroup.NotFound");
    assertThat(
            refused(
                () -> attacker.deleteSecurityGroup(request -> request.groupName("victims-group"))))
        .isEqualTo("InvalidGroup.NotFound");
    assertThat(
            refused(() ->
                attacker.deletePlacementGroup(request -> request.groupName("victims-placement"))))
        .isEqualTo("InvalidPlacementGroup.Unknown");
    assertThat(victim.describePlacementGroups(request -> request.groupNames("victims-placement")))
        .satisfies(answer -> assertThat(answer.placementGroups()).hasSize(1));
  }

  @Test
  void anothersPublicAddressIsUnknown() {
    String address = victim.allocateAddress(request -> {}).publicIp();
    assertThat(refused(() -> attacker.describeAddresses(request -> request.publicIps(address))))
        .isEqualTo("InvalidAddress.NotFound");
    assertThat(
            attacker
                .describeAddresses(request -> request.filters(filter("public-ip", address)))
                .addresses())
        .isEmpty();
    assertThat(refused(() -> attacker.releaseAddress(request -> request.publicIp(address))))
        .isEqualTo(
            refused(() -> attacker.releaseAddress(request -> request.publicIp("203.0.113.250"))));
    String instance = launch(attacker, "e1.nano", "for-an-address");
    assertThat(
            refused(() ->
                attacker.associateAddress(
                    request -> request.publicIp(address).instanceId(instance))))
        .isEqualTo("InvalidAddress.NotFound");
    assertThat(victim.describeAddresses(request -> request.publicIps(address)).addresses())
        .hasSize(1);
  }

  @Test
  void anothersPageTokenIsOnlyAPlaceInOnesOwnList() {
    for (int i = 0; i < 6; i++) {
      victim.createVolume(request -> request.availabilityZone(ZONE).size(7));
    }
    Filter size = filter("size", "7");
    String token =
        victim.describeVolumes(request -> request.maxResults(5).filters(size)).nextToken();
    assertThat(token).isNotEmpty();
    assertThat(
            attacker
                .describeVolumes(request -> request.maxResults(5).filters(size).nextToken(token))
                .volumes())
        .isEmpty();
    assertThat(
            refused(() ->
                attacker.describeSnapshots(request -> request.maxResults(5).nextToken(token))))
        .isEqualTo("InvalidNextToken");
  }

  /// Whose account a number is, or whether it is anyone's, can't be asked.
  @Test
  void anothersAccountNumberFindsNothing() {
    String theirs = number(victim);
    String nobodys = "999999999999";
    launch(victim, "e1.nano", "so-that-there-is-something");
    snapshot(victim);
    assertThat(attacker.describeImages(request -> request.owners(theirs)).images()).isEmpty();
    assertThat(attacker.describeSnapshots(request -> request.ownerIds(theirs)).snapshots())
        .isEmpty();
    Filter owner = filter("owner-id", theirs);
    assertThat(attacker.describeInstances(request -> request.filters(owner)).reservations())
        .isEmpty();
    assertThat(attacker.describeVpcs(request -> request.filters(owner)).vpcs()).isEmpty();
    assertThat(attacker.describeSubnets(request -> request.filters(owner)).subnets()).isEmpty();
    assertThat(attacker.describeSecurityGroups(request -> request.filters(owner)).securityGroups())
        .isEmpty();

    String snapshot = snapshot(attacker);
    for (String number : List.of(theirs, nobodys)) {
      attacker.modifySnapshotAttribute(request ->
          request
              .snapshotId(snapshot)
              .attribute("createVolumePermission")
              .operationType("add")
              .userIds(number));
    }
    String group =
        attacker
            .createSecurityGroup(
                request -> request.groupName("of-the-attacker").description("of-the-attacker"))
            .groupId();
    String victims =
        victim
            .createSecurityGroup(
                request -> request.groupName("to-be-found").description("to-be-found"))
            .groupId();
    assertThat(reference(group, victims, theirs))
        .isEqualTo(reference(group, "sg-0123456789abcdef0", theirs))
        .isEqualTo(reference(group, victims, nobodys));
  }

  private static String number(Ec2Client who) {
    return who.describeVpcs().vpcs().getFirst().ownerId();
  }

  private static String reference(String group, String other, String number) {
    return Ec2Clients.refusal(() ->
            attacker.authorizeSecurityGroupIngress(request ->
                request
                    .groupId(group)
                    .ipPermissions(
                        IpPermission.builder()
                            .ipProtocol("tcp")
                            .fromPort(1)
                            .toPort(1)
                            .userIdGroupPairs(
                                UserIdGroupPair.builder().groupId(other).userId(number).build())
                            .build())))
        .replace(other, "ID")
        .replace(number, "NUMBER");
  }
}
