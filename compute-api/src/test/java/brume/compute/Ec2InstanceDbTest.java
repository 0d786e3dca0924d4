package brume.compute;

import static brume.compute.Ec2Clients.filter;
import static brume.compute.Ec2Clients.refusal;
import static brume.compute.Ec2Clients.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateChange;
import software.amazon.awssdk.services.ec2.model.Reservation;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/// Instances through the EC2 door, by AWS' own client; facts as the scheduler would write them.
@ExtendWith(SharedCloud.class)
final class Ec2InstanceDbTest {
  private static final String IMAGE = "ami-00000000000000001";
  private static final String NODE = "node-00000000000000e01";
  private static TestCloud cloud;
  private static Ec2Clients clients;
  private static Ec2Client ec2;
  private static long epoch = 500_000;

  @BeforeAll
  static void start() {
    cloud = SharedCloud.get();
    clients = new Ec2Clients(cloud);
    ec2 = clients.owner();
    cloud.node(NODE, "node-e1", "http://127.0.0.1:1");
  }

  @AfterAll
  static void stop() {
    ec2.close();
  }

  private static RunInstancesRequest.Builder order() {
    return RunInstancesRequest.builder()
        .imageId(IMAGE)
        .instanceType("e1.nano")
        .minCount(1)
        .maxCount(1);
  }

  private static String launch() {
    return ec2.runInstances(order().build()).instances().getFirst().instanceId();
  }

  private static long running(String id) {
    long mine = ++epoch;
    cloud.allocate(id, mine, NODE);
    cloud.vm(id, mine, "RUNNING", null, null);
    return mine;
  }

  private static Instance describe(String id) {
    return ec2.describeInstances(request -> request.instanceIds(id))
        .reservations()
        .getFirst()
        .instances()
        .getFirst();
  }

  private static TagSpecification tags(ResourceType type, String... pairs) {
    List<Tag> tags = new ArrayList<>();
    for (int i = 0; i < pairs.length; i += 2) {
      tags.add(Tag.builder().key(pairs[i]).value(pairs[i + 1]).build());
    }
    return TagSpecification.builder().resourceType(type).tags(tags).build();
  }

  @Test
  void aLaunchIsShownWithEverythingThatHangsOnIt() {
    Instance launched =
        ec2.runInstances(
                order()
                    .tagSpecifications(tags(ResourceType.INSTANCE, "Name", "web", "team", "blue"))
                    .userData("aGVsbG8=")
                    .disableApiTermination(false)
                    .ebsOptimized(true)
                    .monitoring(monitoring -> monitoring.enabled(true))
                    .metadataOptions(options -> options.httpTokens("required"))
                    .placement(placement -> placement.availabilityZone("us-east-1b"))
                    .build())
            .instances()
            .getFirst();
    assertThat(launched.instanceId()).matches("i-[0-9a-f]{17}");
    assertThat(launched.state().nameAsString()).isEqualTo("pending");
    Instance shown = describe(launched.instanceId());
    assertThat(shown)
        .as("as the launch answered it, and the monitoring that was about to begin")
        .isEqualTo(
            launched.toBuilder().monitoring(monitoring -> monitoring.state("enabled")).build());
    assertThat(shown.imageId()).isEqualTo(IMAGE);
    assertThat(shown.placement().availabilityZone()).isEqualTo("us-east-1b");
    assertThat(shown.tags()).extracting(Tag::key).containsExactly("Name", "team");
    assertThat(shown.monitoring().stateAsString()).isEqualTo("enabled");
    assertThat(shown.metadataOptions().httpTokensAsString()).isEqualTo("required");
    assertThat(shown.ebsOptimized()).isTrue();
    assertThat(shown.privateIpAddress()).startsWith("172.31.");
    assertThat(shown.privateDnsName()).startsWith("ip-172-31-").endsWith(".ec2.internal");
    assertThat(shown.securityGroups()).extracting("groupName").containsExactly("default");
    assertThat(shown.networkInterfaces()).hasSize(1);
    assertThat(shown.networkInterfaces().getFirst().attachment().deviceIndex()).isZero();
    assertThat(shown.blockDeviceMappings()).hasSize(1);
    assertThat(shown.rootDeviceName())
        .isEqualTo(shown.blockDeviceMappings().getFirst().deviceName());
    assertThat(shown.vpcId()).startsWith("vpc-");
    assertThat(cloud.get("/v1/instances/" + shown.instanceId()).json().path("name").asString())
        .isEqualTo("web");
  }

  @Test
  void statesFollowIntentAndFactsAndTheEndIsShownForAnHour() {
    String id = launch();
    assertThat(statuses(id, false)).isEmpty();
    assertThat(statuses(id, true)).containsExactly("not-applicable");
    long mine = running(id);
    assertThat(describe(id).state().code()).isEqualTo(16);
    assertThat(statuses(id, false)).containsExactly("ok");
    InstanceStateChange stopped =
        ec2.stopInstances(request -> request.instanceIds(id)).stoppingInstances().getFirst();
    assertThat(stopped.previousState().nameAsString()).isEqualTo("running");
    assertThat(stopped.currentState().nameAsString()).isEqualTo("stopping");
    cloud.vm(id, mine, "GONE", "REQUESTED", null);
    Instance shown = describe(id);
    assertThat(shown.state().nameAsString()).isEqualTo("stopped");
    assertThat(shown.stateReason().code()).isEqualTo("Client.UserInitiatedShutdown");
    assertThat(refused(() -> ec2.rebootInstances(request -> request.instanceIds(id))))
        .isEqualTo("IncorrectInstanceState");
    ec2.startInstances(request -> request.instanceIds(id));
    mine = running(id);
    ec2.rebootInstances(request -> request.instanceIds(id));
    InstanceStateChange ended =
        ec2.terminateInstances(request -> request.instanceIds(id))
            .terminatingInstances()
            .getFirst();
    assertThat(ended.currentState().code()).isEqualTo(32);
    cloud.vm(id, mine, "GONE", "REQUESTED", null);
    Instance gone = describe(id);
    assertThat(gone.state().nameAsString()).isEqualTo("terminated");
    assertThat(gone.subnetId()).isNull();
    assertThat(gone.networkInterfaces()).isEmpty();
    assertThat(gone.blockDeviceMappings()).isEmpty();
    assertThat(refused(() -> ec2.startInstances(request -> request.instanceIds(id))))
        .isEqualTo("IncorrectInstanceState");
    assertThat(
            ec2.terminateInstances(request -> request.instanceIds(id))
                .terminatingInstances()
                .getFirst()
                .currentState()
                .code())
        .isEqualTo(48);
    cloud
        .owner
        .sql(
            "UPDATE compute.instance SET terminated_at = now() - interval '61 min',"
                + " intent_at = now() - interval '62 min' WHERE id = ?")
        .param(id)
        .update();
    assertThat(refusal(() -> describe(id)))
        .isEqualTo("InvalidInstanceID.NotFound: The instance ID '" + id + "' does not exist");
    assertThat(refused(() -> ec2.terminateInstances(request -> request.instanceIds(id))))
        .isEqualTo("InvalidInstanceID.NotFound");
  }

  private static List<String> statuses(String id, boolean all) {
    return ec2
        .describeInstanceStatus(request -> request.instanceIds(id).includeAllInstances(all))
        .instanceStatuses()
        .stream()
        .map(status -> status.instanceStatus().statusAsString())
        .toList();
  }

  @Test
  void aClientTokenLaunchesOnceAndRefusesAnotherOrder() {
    RunInstancesRequest once = order().clientToken("token-1").build();
    String first = ec2.runInstances(once).instances().getFirst().instanceId();
    running(first);
    Instance again = ec2.runInstances(once).instances().getFirst();
    assertThat(again.instanceId()).isEqualTo(first);
    assertThat(again.state().nameAsString()).isEqualTo("running");
    assertThat(again.clientToken()).isEqualTo("token-1");
    assertThat(refused(() -> ec2.runInstances(once.toBuilder().instanceType("e1.micro").build())))
        .isEqualTo("IdempotentParameterMismatch");
    try (Ec2Client west = clients.owner("us-west-2")) {
      assertThat(west.runInstances(once).instances().getFirst().instanceId()).isNotEqualTo(first);
    }
  }

  @Test
  void whatIsWrongWithALaunchIsSaidByName() {
    Map<RunInstancesRequest.Builder, String> wrong =
        Map.ofEntries(
            Map.entry(order().imageId("ami-12345678"), "InvalidAMIID.NotFound"),
            Map.entry(order().imageId("debian"), "InvalidAMIID.Malformed"),
            Map.entry(order().instanceType("e9.huge"), "InvalidParameterValue"),
            Map.entry(order().imageId(null), "MissingParameter"),
            Map.entry(order().minCount(null), "MissingParameter"),
            Map.entry(order().minCount(2).maxCount(1), "InvalidParameterCombination"),
            Map.entry(order().minCount(0), "InvalidParameterValue"),
            Map.entry(order().keyName("nobody"), "InvalidKeyPair.NotFound"),
            Map.entry(order().securityGroupIds("sg-12345678"), "InvalidGroup.NotFound"),
            Map.entry(order().securityGroups("none"), "InvalidGroup.NotFound"),
            Map.entry(order().subnetId("subnet-12345678"), "InvalidSubnetID.NotFound"),
            Map.entry(order().userData("!"), "InvalidUserData.Malformed"),
            Map.entry(order().userData("A".repeat(21_848)), "InvalidParameterValue"),
            Map.entry(
                order().placement(placement -> placement.availabilityZone("mars-1a")),
                "InvalidParameterValue"),
            Map.entry(
                order().tagSpecifications(tags(ResourceType.INSTANCE, "aws:x", "y")),
                "InvalidParameterValue"),
            Map.entry(
                order().tagSpecifications(tags(ResourceType.VPC, "a", "b")),
                "InvalidParameterValue"),
            Map.entry(
                order().iamInstanceProfile(profile -> profile.name("x")), "InvalidParameterValue"),
            Map.entry(order().dryRun(true), "DryRunOperation"));
    int before = count();
    wrong.forEach((builder, code) ->
        assertThat(refused(() -> ec2.runInstances(builder.build())))
            .as(builder.build().toString())
            .isEqualTo(code));
    assertThat(count()).isEqualTo(before);
  }

  private static int count() {
    return cloud.owner.sql("SELECT count(*) FROM compute.instance").query(Integer.class).single();
  }

  @Test
  void filtersSelectByEc2sNamesAndWildcards() {
    String id =
        ec2.runInstances(
                order()
                    .tagSpecifications(
                        tags(ResourceType.INSTANCE, "Name", "filter*ed", "stage", "test-7"))
                    .build())
            .instances()
            .getFirst()
            .instanceId();
    running(id);
    Instance shown = describe(id);
    List<Filter> holding =
        List.of(
            filter("instance-id", id),
            filter("instance-state-name", "running", "stopped"),
            filter("instance-state-code", "16"),
            filter("tag:stage", "test-?", "x"),
            filter("tag:stage", "*"),
            filter("tag:Name", "filter\\*ed"),
            filter("tag-key", "sta*"),
            filter("tag-value", "test-7"),
            filter("image-id", IMAGE),
            filter("instance-type", "e1.*"),
            filter("vpc-id", shown.vpcId()),
            filter("subnet-id", shown.subnetId()),
            filter("private-ip-address", shown.privateIpAddress()),
            filter("availability-zone", shown.placement().availabilityZone()),
            filter("instance.group-name", "default"),
            filter("group-id", shown.securityGroups().getFirst().groupId()),
            filter(
                "network-interface.network-interface-id",
                shown.networkInterfaces().getFirst().networkInterfaceId()),
            filter(
                "block-device-mapping.volume-id",
                shown.blockDeviceMappings().getFirst().ebs().volumeId()),
            filter("owner-id", TestCloud.ACCOUNT),
            filter("architecture", "riscv64"),
            filter("tenancy", "default"),
            filter("monitoring-state", "disabled"));
    assertThat(found(holding)).containsExactly(id);
    for (Filter one : holding) {
      assertThat(found(List.of(filter("instance-id", id), one))).as(one.name()).containsExactly(id);
      Filter other = filter(one.name(), "nothing-like-it");
      assertThat(found(List.of(filter("instance-id", id), other))).as(one.name()).isEmpty();
    }
    assertThat(found(List.of(filter("tag:Name", "filter?ed-")))).isEmpty();
    assertThat(refusal(() -> found(List.of(filter("colour", "red")))))
        .isEqualTo("InvalidParameterValue: The filter 'colour' is invalid");
  }

  private static List<String> found(List<Filter> filters) {
    return ec2.describeInstances(request -> request.filters(filters)).reservations().stream()
        .flatMap(reservation -> reservation.instances().stream())
        .map(Instance::instanceId)
        .toList();
  }

  @Test
  void pagesFollowOneAnother() {
    Reservation[] made = new Reservation[1];
    List<String> ids =
        ec2
            .runInstances(
                order()
                    .minCount(7)
                    .maxCount(7)
                    .tagSpecifications(tags(ResourceType.INSTANCE, "pages", "yes"))
                    .build())
            .instances()
            .stream()
            .map(Instance::instanceId)
            .toList();
    assertThat(ids).hasSize(7).isSorted();
    DescribeInstancesResponse first =
        ec2.describeInstances(request -> request.filters(filter("tag:pages", "yes")).maxResults(5));
    made[0] = first.reservations().getFirst();
    assertThat(made[0].instances()).hasSize(5);
    DescribeInstancesResponse second =
        ec2.describeInstances(request ->
            request.filters(filter("tag:pages", "yes")).maxResults(5).nextToken(first.nextToken()));
    assertThat(second.reservations().getFirst().instances())
        .extracting(Instance::instanceId)
        .containsExactlyElementsOf(ids.subList(5, 7));
    assertThat(second.nextToken()).isNull();
    assertThat(second.reservations().getFirst().instances())
        .extracting(Instance::amiLaunchIndex)
        .containsExactly(5, 6);
    assertThat(refused(() -> ec2.describeInstances(request -> request.maxResults(4))))
        .isEqualTo("InvalidParameterValue");
    assertThat(refused(() -> ec2.describeInstances(request -> request.nextToken("x"))))
        .isEqualTo("InvalidNextToken");
    assertThat(
            refused(() ->
                ec2.describeInstances(
                    request -> request.instanceIds(ids.getFirst()).maxResults(5))))
        .isEqualTo("InvalidParameterCombination");
  }

  @Test
  void severalAreActedOnTogetherOrNotAtAll() {
    String one = launch();
    assertThat(
            refused(() ->
                ec2.terminateInstances(request -> request.instanceIds(one, "i-0123456789abcdef0"))))
        .isEqualTo("InvalidInstanceID.NotFound");
    assertThat(describe(one).state().nameAsString()).isEqualTo("pending");
    assertThat(refused(() -> ec2.terminateInstances(request -> request.instanceIds("x"))))
        .isEqualTo("InvalidInstanceID.Malformed");
    assertThat(refused(() -> ec2.terminateInstances(request -> {}))).isEqualTo("MissingParameter");
  }

  @Test
  void anotherAccountsInstancesAreNotThere() {
    String id = launch();
    try (Ec2Client stranger = clients.stranger()) {
      for (String tried : List.of(id, "i-0123456789abcdef0")) {
        assertThat(refusal(() -> stranger.describeInstances(request -> request.instanceIds(tried))))
            .isEqualTo(
                "InvalidInstanceID.NotFound: The instance ID '" + tried + "' does not exist");
        assertThat(
                refused(() -> stranger.terminateInstances(request -> request.instanceIds(tried))))
            .isEqualTo("InvalidInstanceID.NotFound");
      }
      assertThat(
              stranger
                  .describeInstances(request -> request.filters(filter("instance-id", id)))
                  .reservations())
          .isEmpty();
    }
    assertThat(describe(id).state().nameAsString()).isEqualTo("pending");
  }
}
