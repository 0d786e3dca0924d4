package brume.compute;

import static brume.compute.Ec2Clients.refusal;
import static brume.compute.Ec2Clients.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.CreateVolumePermission;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRuleRequest;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRuleUpdate;
import software.amazon.awssdk.services.ec2.model.SnapshotAttributeName;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;
import software.amazon.awssdk.services.ec2.model.VolumeAttributeName;
import software.amazon.awssdk.services.ec2.model.VolumeModification;

/// Volumes that change, snapshots that are shared and copied, rules that change in place, the one
/// protection of both doors, quotas and policies at the EC2 door; with accounts of the test's own.
@ExtendWith(SharedCloud.class)
final class Ec2VolumeDbTest {
  private static final String ZONE = "us-east-1a";

  /// AWS' client would make one itself, which it can't for an address that names no region.
  private static final String UNUSED = "https://unused.invalid/";

  private static TestCloud cloud;
  private static Ec2Clients clients;
  private static String token;
  private static Ec2Client ec2;
  private static Ec2Client friend;
  private static String friendAccount;

  @BeforeAll
  static void start() {
    cloud = SharedCloud.get();
    clients = new Ec2Clients(cloud);
    var made = cloud.post("/v1/accounts", "{\"name\":\"volumes\"}").json();
    token = made.path("ownerToken").path("token").asString();
    ec2 = clients.ec2(clients.credentials(token, "owner"), Ec2Clients.REGION);
    var other = cloud.post("/v1/accounts", "{\"name\":\"volumes-friend\"}").json();
    String otherToken = other.path("ownerToken").path("token").asString();
    friendAccount = other.path("account").path("id").asString();
    friend = clients.ec2(clients.credentials(otherToken, "owner"), Ec2Clients.REGION);
  }

  @AfterAll
  static void stop() {
    ec2.close();
    friend.close();
  }

  private static String volume(int size) {
    return ec2.createVolume(request -> request.availabilityZone(ZONE).size(size).volumeType("gp3"))
        .volumeId();
  }

  private static Instance launch() {
    return ec2.runInstances(request ->
            request
                .imageId("ami-00000000000000001")
                .instanceType("e1.nano")
                .minCount(1)
                .maxCount(1))
        .instances()
        .getFirst();
  }

  /// However it went, the volumes that accounts are said to hold are there.
  @AfterEach
  void theVolumesAreCounted() {
    assertThat(
            cloud
                .owner
                .sql(
                    """
                    SELECT a.id FROM compute.account a
                    LEFT JOIN compute.account_use u ON u.account_id = a.id
                    WHERE coalesce(u.volumes, 0)
                      <> (SELECT count(*) FROM compute.volume v WHERE v.account_id = a.id)
                    """)
                .query(String.class)
                .list())
        .isEmpty();
  }

  @Test
  void aVolumeGrowsAndRemembersWhatItWas() {
    String id = volume(10);
    assertThat(refused(() -> ec2.describeVolumesModifications(request -> request.volumeIds(id))))
        .isEqualTo("InvalidVolumeModification.NotFound");
    VolumeModification changing =
        ec2.modifyVolume(request -> request.volumeId(id).size(20).iops(4000)).volumeModification();
    assertThat(changing.modificationStateAsString()).isEqualTo("modifying");
    assertThat(changing.originalSize()).isEqualTo(10);
    assertThat(changing.targetSize()).isEqualTo(20);
    VolumeModification done =
        ec2.describeVolumesModifications(request -> request.volumeIds(id))
            .volumesModifications()
            .getFirst();
    assertThat(done.modificationStateAsString()).isEqualTo("completed");
    assertThat(done.originalIops()).isEqualTo(3000);
    assertThat(done.targetIops()).isEqualTo(4000);
    assertThat(done.progress()).isEqualTo(100);
    assertThat(refusal(() -> ec2.modifyVolume(request -> request.volumeId(id).size(5))))
        .isEqualTo("InvalidParameterValue: New size cannot be smaller than existing size");
    assertThat(refusal(() -> ec2.modifyVolume(request -> request.volumeId(id).iops(20_000))))
        .isEqualTo(
            "InvalidParameterValue: Iops to volume size ratio of 1000.000000 is too high; maximum"
                + " is 500");
    assertThat(
            refused(() -> ec2.modifyVolume(request -> request.volumeId(id).volumeType("floppy"))))
        .isEqualTo("UnknownVolumeType");
    assertThat(
            ec2.describeVolumeStatus(request -> request.volumeIds(id))
                .volumeStatuses()
                .getFirst()
                .volumeStatus()
                .statusAsString())
        .isEqualTo("ok");
    ec2.modifyVolumeAttribute(
        request -> request.volumeId(id).autoEnableIO(value -> value.value(true)));
    assertThat(
            ec2.describeVolumeAttribute(
                    request -> request.volumeId(id).attribute(VolumeAttributeName.AUTO_ENABLE_IO))
                .autoEnableIO()
                .value())
        .isTrue();
    ec2.deleteVolume(request -> request.volumeId(id));
    assertThat(
            refusal(() ->
                ec2.describeVolumes(request -> request.volumeIds(id, "vol-0123456789abcdef0"))))
        .isEqualTo(
            "InvalidVolume.NotFound: The volumes '"
                + id
                + ", vol-0123456789abcdef0' do not exist.");
  }

  @Test
  void aSnapshotIsSharedCopiedAndTakenBack() {
    String source = volume(3);
    String id = ec2.createSnapshot(request -> request.volumeId(source)).snapshotId();
    assertThat(refused(() -> friend.describeSnapshots(request -> request.snapshotIds(id))))
        .isEqualTo("InvalidSnapshot.NotFound");
    ec2.modifySnapshotAttribute(request ->
        request
            .snapshotId(id)
            .createVolumePermission(change ->
                change.add(CreateVolumePermission.builder().userId(friendAccount).build())));
    assertThat(
            ec2.describeSnapshotAttribute(request ->
                    request
                        .snapshotId(id)
                        .attribute(SnapshotAttributeName.CREATE_VOLUME_PERMISSION))
                .createVolumePermissions())
        .extracting(CreateVolumePermission::userId)
        .containsExactly(friendAccount);
    assertThat(friend.describeSnapshots(request -> request.snapshotIds(id)).snapshots()).hasSize(1);
    assertThat(friend.describeSnapshots(request -> request.restorableByUserIds("self")).snapshots())
        .hasSize(1);
    assertThat(
            refused(() ->
                friend.modifySnapshotAttribute(request ->
                    request
                        .snapshotId(id)
                        .createVolumePermission(change ->
                            change.add(CreateVolumePermission.builder().group("all").build())))))
        .isEqualTo("AuthFailure");
    assertThat(refused(() -> friend.deleteSnapshot(request -> request.snapshotId(id))))
        .isEqualTo("InvalidSnapshot.NotFound");
    String volume =
        friend.createVolume(request -> request.availabilityZone(ZONE).snapshotId(id)).volumeId();
    assertThat(
            friend
                .describeVolumes(request -> request.volumeIds(volume))
                .volumes()
                .getFirst()
                .size())
        .isEqualTo(3);
    String copy =
        friend
            .copySnapshot(request ->
                request
                    .sourceRegion("us-east-1")
                    .sourceSnapshotId(id)
                    .presignedUrl(UNUSED)
                    .encrypted(true))
            .snapshotId();
    assertThat(
            friend
                .describeSnapshots(request -> request.snapshotIds(copy))
                .snapshots()
                .getFirst()
                .encrypted())
        .isTrue();
    ec2.resetSnapshotAttribute(request ->
        request.snapshotId(id).attribute(SnapshotAttributeName.CREATE_VOLUME_PERMISSION));
    assertThat(refused(() -> friend.describeSnapshots(request -> request.snapshotIds(id))))
        .isEqualTo("InvalidSnapshot.NotFound");
    try (Ec2Client west = clients.ec2(clients.credentials(token, "owner"), "us-west-2")) {
      String there =
          west.copySnapshot(request ->
                  request.sourceRegion("us-east-1").sourceSnapshotId(id).presignedUrl(UNUSED))
              .snapshotId();
      assertThat(refused(() -> ec2.describeSnapshots(request -> request.snapshotIds(there))))
          .isEqualTo("InvalidSnapshot.NotFound");
    }
  }

  @Test
  void aRuleIsChangedInPlaceAndTakingAwayWhatIsNotThereDependsOnTheNetwork() {
    String group =
        ec2.createSecurityGroup(request -> request.groupName("rules").description("rules"))
            .groupId();
    IpPermission web =
        IpPermission.builder()
            .ipProtocol("tcp")
            .fromPort(80)
            .toPort(80)
            .ipRanges(IpRange.builder().cidrIp("10.0.0.0/8").build())
            .build();
    SecurityGroupRule rule =
        ec2.authorizeSecurityGroupIngress(request -> request.groupId(group).ipPermissions(web))
            .securityGroupRules()
            .getFirst();
    ec2.modifySecurityGroupRules(request ->
        request
            .groupId(group)
            .securityGroupRules(
                SecurityGroupRuleUpdate.builder()
                    .securityGroupRuleId(rule.securityGroupRuleId())
                    .securityGroupRule(
                        SecurityGroupRuleRequest.builder()
                            .ipProtocol("tcp")
                            .fromPort(443)
                            .toPort(443)
                            .cidrIpv6("2001:DB8:0:0::1/32")
                            .description("tls")
                            .build())
                    .build()));
    SecurityGroupRule after =
        ec2.describeSecurityGroupRules(
                request -> request.securityGroupRuleIds(rule.securityGroupRuleId()))
            .securityGroupRules()
            .getFirst();
    assertThat(after.fromPort()).isEqualTo(443);
    assertThat(after.cidrIpv6()).isEqualTo("2001:db8::/32");
    assertThat(after.cidrIpv4()).isNull();
    assertThat(after.description()).isEqualTo("tls");
    assertThat(
            ec2.revokeSecurityGroupIngress(request -> request.groupId(group).ipPermissions(web))
                .unknownIpPermissions()
                .getFirst()
                .fromPort())
        .as("in a default network it is no mistake")
        .isEqualTo(80);
    assertThat(
            refusal(() ->
                ec2.authorizeSecurityGroupIngress(
                    request -> request.groupId(group).ipPermissions(web, web))))
        .isEqualTo("InvalidParameterValue: The same permission must not appear multiple times");
    ec2.deleteSecurityGroup(request -> request.groupId(group));
  }

  @Test
  void theProtectionIsOneAtBothDoors() {
    String id = launch().instanceId();
    ec2.modifyInstanceAttribute(
        request -> request.instanceId(id).disableApiTermination(value -> value.value(true)));
    assertThat(
            cloud.get(token, "/v1/instances/" + id).json().path("terminationProtected").asBoolean())
        .isTrue();
    ec2.monitorInstances(request -> request.instanceIds(id));
    assertThat(refusal(() -> ec2.terminateInstances(request -> request.instanceIds(id))))
        .isEqualTo(
            "OperationNotPermitted: The instance '"
                + id
                + "' may not be terminated. Modify its 'disableApiTermination' instance attribute"
                + " and try again.");
    cloud.send(
        "PATCH",
        "/v1/instances/" + id,
        token,
        Map.of("Content-Type", "application/json"),
        "{\"terminationProtected\":false}");
    assertThat(
            ec2.describeInstanceAttribute(
                    request -> request.instanceId(id).attribute("disableApiTermination"))
                .disableApiTermination()
                .value())
        .isFalse();
    ec2.terminateInstances(request -> request.instanceIds(id));
  }

  @Test
  void anAttributeIsChangedOneAtATime() {
    String id = launch().instanceId();
    assertThat(
            refusal(() ->
                ec2.modifyInstanceAttribute(request ->
                    request
                        .instanceId(id)
                        .ebsOptimized(value -> value.value(true))
                        .disableApiStop(value -> value.value(true)))))
        .startsWith("InvalidParameterCombination: Fields for multiple attribute types specified");
    assertThat(refusal(() -> ec2.modifyInstanceAttribute(request -> request.instanceId(id))))
        .isEqualTo("InvalidParameterCombination: No attributes specified.");
    ec2.modifyInstanceAttribute(
        request -> request.instanceId(id).attribute("disableApiStop").value("true"));
    assertThat(refused(() -> ec2.stopInstances(request -> request.instanceIds(id))))
        .isEqualTo("OperationNotPermitted");
    assertThat(
            ec2.getLaunchTemplateData(request -> request.instanceId(id))
                .launchTemplateData()
                .disableApiStop())
        .isTrue();
    assertThat(ec2.getPasswordData(request -> request.instanceId(id)).passwordData()).isEmpty();
  }

  @Test
  void quotasAndPoliciesHoldForVolumesAndTags() {
    var made = cloud.post("/v1/accounts", "{\"name\":\"few-volumes\"}").json();
    String few = made.path("ownerToken").path("token").asString();
    String id = made.path("account").path("id").asString();
    TestCloud.Answer lowered =
        cloud.send(
            "PATCH",
            "/v1/accounts/" + id,
            TestCloud.OWNER,
            Map.of("Content-Type", "application/json"),
            "{\"quotas\":{\"volumesMax\":1}}");
    assertThat(lowered.status()).as(lowered.body()).isEqualTo(200);
    TestCloud.Answer policy =
        cloud.send(
            "POST",
            "/v1/policies",
            few,
            Map.of("Content-Type", "application/json"),
            "{\"name\":\"kept\",\"effect\":\"deny\",\"actions\":[\"CreateTags\",\"DeleteVolume\","
                + "\"DeleteTags\",\"CreateVpc\"],\"tags\":{\"stage\":\"live\"}}");
    assertThat(policy.status()).as(policy.body()).isEqualTo(201);
    try (Ec2Client bound = clients.ec2(clients.credentials(few, "owner"), Ec2Clients.REGION)) {
      Tag live = Tag.builder().key("stage").value("live").build();
      String volume =
          bound
              .createVolume(request ->
                  request
                      .availabilityZone(ZONE)
                      .size(1)
                      .tagSpecifications(
                          TagSpecification.builder().resourceType("volume").tags(live).build()))
              .volumeId();
      assertThat(
              refusal(() -> bound.createVolume(request -> request.availabilityZone(ZONE).size(1))))
          .isEqualTo("VolumeLimitExceeded: Maximum number of volumes '1' exceeded.");
      assertThat(
              refused(() ->
                  bound.runInstances(request ->
                      request
                          .imageId("ami-00000000000000001")
                          .instanceType("e1.nano")
                          .minCount(1)
                          .maxCount(1))))
          .isEqualTo("VolumeLimitExceeded");
      for (ThrowingCallable denied :
          List.<ThrowingCallable>of(
              () -> bound.deleteVolume(request -> request.volumeId(volume)),
              () -> bound.deleteTags(request -> request.resources(volume)),
              () ->
                  bound.createVpc(request ->
                      request
                          .cidrBlock("10.0.0.0/16")
                          .tagSpecifications(
                              TagSpecification.builder()
                                  .resourceType("vpc")
                                  .tags(live)
                                  .build())))) {
        assertThat(refused(denied)).isEqualTo("UnauthorizedOperation");
      }
      String vpc = bound.createVpc(request -> request.cidrBlock("10.0.0.0/16")).vpc().vpcId();
      assertThat(refused(() -> bound.createTags(request -> request.resources(vpc).tags(live))))
          .as("nor may it become what is not to be touched")
          .isEqualTo("UnauthorizedOperation");
      assertThat(cloud.get(few, "/v1/audit?limit=20").body()).contains("DeleteVolume", "refused");
    }
  }

  @Test
  void filtersOfVolumesAndSnapshotsFindTheirOwn() {
    String id = volume(7);
    assertThat(
            ec2.describeVolumes(request ->
                    request.filters(
                        Filter.builder().name("size").values("7").build(),
                        Filter.builder().name("volume-type").values("gp?").build(),
                        Filter.builder().name("status").values("available").build()))
                .volumes())
        .extracting(volume -> volume.volumeId())
        .containsExactly(id);
  }
}
