package brume.compute;

import static brume.compute.Ec2Clients.filter;
import static brume.compute.Ec2Clients.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.InstanceAttributeName;
import software.amazon.awssdk.services.ec2.model.LaunchPermission;
import software.amazon.awssdk.services.ec2.model.LaunchTemplateVersion;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagDescription;
import software.amazon.awssdk.services.ec2.model.Volume;

/// Tags, attributes, images, volumes, snapshots, types and launch templates through the EC2 door.
@ExtendWith(SharedCloud.class)
final class Ec2ResourceDbTest {
  private static final String IMAGE = "ami-00000000000000001";
  private static TestCloud cloud;
  private static Ec2Client ec2;
  private static Ec2Client stranger;

  @BeforeAll
  static void start() {
    cloud = SharedCloud.get();
    Ec2Clients clients = new Ec2Clients(cloud);
    ec2 = clients.owner();
    stranger = clients.stranger();
  }

  @AfterAll
  static void stop() {
    ec2.close();
    stranger.close();
  }

  private static String launch() {
    return ec2.runInstances(
            RunInstancesRequest.builder()
                .imageId(IMAGE)
                .instanceType("e1.nano")
                .minCount(1)
                .maxCount(1)
                .build())
        .instances()
        .getFirst()
        .instanceId();
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  @Test
  void whoMayLaunchAnImageNeedsNoRightToItsSnapshots() {
    String instance = launch();
    String image =
        ec2.createImage(request -> request.instanceId(instance).name("shared-with-a-root"))
            .imageId();
    String snapshot =
        ec2.describeImages(request -> request.imageIds(image))
            .images()
            .getFirst()
            .blockDeviceMappings()
            .getFirst()
            .ebs()
            .snapshotId();
    ec2.modifyImageAttribute(request ->
        request
            .imageId(image)
            .launchPermission(change ->
                change.add(LaunchPermission.builder().userId(TestCloud.OTHER_ACCOUNT).build())));
    Volume root =
        stranger
            .describeVolumes(request ->
                request.filters(
                    filter(
                        "attachment.instance-id",
                        stranger
                            .runInstances(launch ->
                                launch
                                    .imageId(image)
                                    .instanceType("e1.nano")
                                    .minCount(1)
                                    .maxCount(1))
                            .instances()
                            .getFirst()
                            .instanceId())))
            .volumes()
            .getFirst();
    assertThat(root.snapshotId()).isEqualTo(snapshot);
    assertThat(
            refused(() ->
                stranger.createVolume(
                    request -> request.availabilityZone("us-east-1a").snapshotId(snapshot))))
        .isEqualTo("InvalidSnapshot.NotFound");
  }

  @Test
  void tagsArePutOnAnythingAndTakenAway() {
    String instance = launch();
    String volume =
        ec2.createVolume(request -> request.availabilityZone("us-east-1a").size(3)).volumeId();
    ec2.createTags(request ->
        request.resources(instance, volume).tags(tag("Name", "tagged"), tag("stage", "test")));
    assertThat(
            ec2.describeTags(request -> request.filters(filter("resource-id", instance, volume)))
                .tags())
        .extracting(TagDescription::resourceTypeAsString, TagDescription::key)
        .containsExactlyInAnyOrder(
            tuple("instance", "Name"),
            tuple("instance", "stage"),
            tuple("volume", "Name"),
            tuple("volume", "stage"));
    assertThat(cloud.get("/v1/instances/" + instance).json().path("name").asString())
        .isEqualTo("tagged");
    ec2.deleteTags(request -> request.resources(instance, volume).tags(tag("stage", "other")));
    ec2.deleteTags(request -> request.resources(volume).tags(tag("Name", null)));
    assertThat(ec2.describeTags(request -> request.filters(filter("resource-id", volume))).tags())
        .extracting(TagDescription::key)
        .containsExactly("stage");
    assertThat(
            refused(() ->
                ec2.createTags(request -> request.resources(instance).tags(tag("aws:x", "y")))))
        .isEqualTo("InvalidParameterValue");
    assertThat(
            refused(() ->
                stranger.createTags(request -> request.resources(volume).tags(tag("mine", "now")))))
        .isEqualTo("InvalidVolume.NotFound");
    assertThat(
            refused(() -> ec2.createTags(request -> request.resources("x-1").tags(tag("a", "b")))))
        .isEqualTo("InvalidID");
  }

  @Test
  void protectionsHoldUntilTheyAreTakenAway() {
    String id = launch();
    ec2.modifyInstanceAttribute(
        request -> request.instanceId(id).disableApiTermination(value -> value.value(true)));
    assertThat(
            ec2.describeInstanceAttribute(request ->
                    request.instanceId(id).attribute(InstanceAttributeName.DISABLE_API_TERMINATION))
                .disableApiTermination()
                .value())
        .isTrue();
    assertThat(refused(() -> ec2.terminateInstances(request -> request.instanceIds(id))))
        .isEqualTo("OperationNotPermitted");
    assertThat(
            refused(() ->
                ec2.modifyInstanceAttribute(request ->
                    request.instanceId(id).instanceType(value -> value.value("e1.micro")))))
        .isEqualTo("IncorrectInstanceState");
    ec2.modifyInstanceAttribute(
        request -> request.instanceId(id).disableApiTermination(value -> value.value(false)));
    ec2.stopInstances(request -> request.instanceIds(id));
    ec2.modifyInstanceAttribute(
        request -> request.instanceId(id).instanceType(value -> value.value("e1.micro")));
    assertThat(
            ec2.describeInstanceAttribute(request ->
                    request.instanceId(id).attribute(InstanceAttributeName.INSTANCE_TYPE))
                .instanceType()
                .value())
        .isEqualTo("e1.micro");
    ec2.modifyInstanceMetadataOptions(
        request -> request.instanceId(id).httpTokens("required").httpPutResponseHopLimit(2));
    assertThat(
            ec2.describeInstanceCreditSpecifications(request -> request.instanceIds(id))
                .instanceCreditSpecifications()
                .getFirst()
                .cpuCredits())
        .isEqualTo("standard");
    assertThat(
            ec2.monitorInstances(request -> request.instanceIds(id))
                .instanceMonitorings()
                .getFirst()
                .monitoring()
                .stateAsString())
        .isEqualTo("pending");
    ec2.terminateInstances(request -> request.instanceIds(id));
  }

  @Test
  void volumesHangOnInstancesAndBecomeSnapshots() {
    String id = launch();
    String zone =
        ec2.describeInstances(request -> request.instanceIds(id))
            .reservations()
            .getFirst()
            .instances()
            .getFirst()
            .placement()
            .availabilityZone();
    String volume =
        ec2.createVolume(request -> request.availabilityZone(zone).size(10).volumeType("gp3"))
            .volumeId();
    ec2.attachVolume(request -> request.volumeId(volume).instanceId(id).device("/dev/sdf"));
    Volume shown = ec2.describeVolumes(request -> request.volumeIds(volume)).volumes().getFirst();
    assertThat(shown.stateAsString()).isEqualTo("in-use");
    assertThat(shown.attachments().getFirst().instanceId()).isEqualTo(id);
    assertThat(shown.iops()).isEqualTo(3000);
    assertThat(refused(() -> ec2.deleteVolume(request -> request.volumeId(volume))))
        .isEqualTo("VolumeInUse");
    String snapshot =
        ec2.createSnapshot(request -> request.volumeId(volume).description("of it")).snapshotId();
    ec2.detachVolume(request -> request.volumeId(volume));
    assertThat(refused(() -> ec2.detachVolume(request -> request.volumeId(volume))))
        .isEqualTo("IncorrectState");
    ec2.deleteVolume(request -> request.volumeId(volume));
    assertThat(
            ec2.describeSnapshots(
                    request -> request.ownerIds("self").filters(filter("volume-id", volume)))
                .snapshots())
        .hasSize(1);
    assertThat(refused(() -> stranger.describeSnapshots(request -> request.snapshotIds(snapshot))))
        .isEqualTo("InvalidSnapshot.NotFound");
    assertThat(
            refused(() ->
                ec2.createVolume(
                    request -> request.availabilityZone(zone).snapshotId(snapshot).size(5))))
        .isEqualTo("InvalidParameterValue");
    ec2.deleteSnapshot(request -> request.snapshotId(snapshot));
  }

  @Test
  void noImageIsMadeOfWhatHasEnded() {
    String id = launch();
    ec2.terminateInstances(request -> request.instanceIds(id));
    assertThat(refused(() -> ec2.createImage(request -> request.instanceId(id).name("too-late"))))
        .isEqualTo("InvalidParameterValue");
    assertThat(
            ec2.describeImages(request -> request.owners("self")).images().stream()
                .map(Image::name))
        .doesNotContain("too-late");
  }

  @Test
  void anImageIsMadeOfAnInstanceSharedAndTakenBack() {
    String id = launch();
    String image =
        ec2.createImage(request -> request.instanceId(id).name("golden").description("gold"))
            .imageId();
    Image shown = ec2.describeImages(request -> request.imageIds(image)).images().getFirst();
    assertThat(shown.name()).isEqualTo("golden");
    assertThat(shown.ownerId()).isEqualTo(TestCloud.ACCOUNT);
    String snapshot = shown.blockDeviceMappings().getFirst().ebs().snapshotId();
    assertThat(snapshot).startsWith("snap-");
    assertThat(refused(() -> ec2.createImage(request -> request.instanceId(id).name("golden"))))
        .isEqualTo("InvalidAMIName.Duplicate");
    assertThat(refused(() -> ec2.deleteSnapshot(request -> request.snapshotId(snapshot))))
        .isEqualTo("InvalidSnapshot.InUse");
    assertThat(refused(() -> stranger.describeImages(request -> request.imageIds(image))))
        .isEqualTo("InvalidAMIID.NotFound");
    ec2.modifyImageAttribute(request ->
        request
            .imageId(image)
            .launchPermission(change ->
                change.add(LaunchPermission.builder().userId(TestCloud.OTHER_ACCOUNT).build())));
    assertThat(stranger.describeImages(request -> request.imageIds(image)).images()).hasSize(1);
    assertThat(refused(() -> stranger.deregisterImage(request -> request.imageId(image))))
        .isEqualTo("AuthFailure");
    String copy =
        ec2.copyImage(
                request -> request.name("copy").sourceImageId(image).sourceRegion("us-east-1"))
            .imageId();
    String launched =
        ec2.runInstances(
                request -> request.imageId(copy).instanceType("e1.nano").minCount(1).maxCount(1))
            .instances()
            .getFirst()
            .imageId();
    assertThat(launched).isEqualTo(copy);
    ec2.deregisterImage(request -> request.imageId(image));
    assertThat(ec2.describeImages(request -> request.imageIds(image)).images())
        .as("taken back by its owner")
        .isEmpty();
    assertThat(refused(() -> stranger.describeImages(request -> request.imageIds(image))))
        .isEqualTo("InvalidAMIID.NotFound");
    ec2.deleteSnapshot(request -> request.snapshotId(snapshot));
    assertThat(ec2.describeImages(request -> request.owners("amazon")).images())
        .extracting(Image::imageId)
        .contains(IMAGE);
  }

  @Test
  void aTemplatesVersionsAreLaunched() {
    String template =
        ec2.createLaunchTemplate(request ->
                request
                    .launchTemplateName("web")
                    .launchTemplateData(
                        data -> data.imageId(IMAGE).instanceType("e1.nano").ebsOptimized(true)))
            .launchTemplate()
            .launchTemplateId();
    ec2.createLaunchTemplateVersion(request ->
        request
            .launchTemplateId(template)
            .sourceVersion("1")
            .versionDescription("larger")
            .launchTemplateData(data -> data.instanceType("e1.micro")));
    List<LaunchTemplateVersion> versions =
        ec2.describeLaunchTemplateVersions(request -> request.launchTemplateName("web"))
            .launchTemplateVersions();
    assertThat(versions).extracting(LaunchTemplateVersion::versionNumber).containsExactly(2L, 1L);
    assertThat(versions.getFirst().launchTemplateData().ebsOptimized()).isTrue();
    assertThat(
            ec2.runInstances(request ->
                    request
                        .minCount(1)
                        .maxCount(1)
                        .launchTemplate(of -> of.launchTemplateId(template).version("$Latest")))
                .instances()
                .getFirst()
                .instanceTypeAsString())
        .isEqualTo("e1.micro");
    ec2.modifyLaunchTemplate(request -> request.launchTemplateId(template).defaultVersion("2"));
    assertThat(
            refused(() ->
                ec2.createLaunchTemplate(request ->
                    request
                        .launchTemplateName("web")
                        .launchTemplateData(data -> data.imageId(IMAGE)))))
        .isEqualTo("InvalidLaunchTemplateName.AlreadyExistsException");
    ec2.deleteLaunchTemplate(request -> request.launchTemplateId(template));
    assertThat(
            refused(
                () -> ec2.describeLaunchTemplates(request -> request.launchTemplateIds(template))))
        .isEqualTo("InvalidLaunchTemplateId.NotFound");
  }

  @Test
  void typesAreTheCloudsOwnInEveryZone() {
    assertThat(
            ec2.describeInstanceTypes(request ->
                    request.filters(
                        filter("vcpu-info.default-vcpus", "2"), filter("instance-type", "e1.*")))
                .instanceTypes())
        .extracting(type -> type.instanceTypeAsString())
        .containsExactly("e1.large", "e1.medium");
    assertThat(
            ec2.describeInstanceTypeOfferings(request ->
                    request
                        .locationType("availability-zone")
                        .filters(filter("instance-type", "e1.nano")))
                .instanceTypeOfferings())
        .hasSize(3);
  }
}
