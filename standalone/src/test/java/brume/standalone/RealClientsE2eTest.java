package brume.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.waiters.WaiterOverrideConfiguration;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceAttributeName;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;
import software.amazon.awssdk.services.ec2.model.VpcAttributeName;
import software.amazon.awssdk.services.ec2.waiters.Ec2Waiter;

/// EC2's own clients against a started cloud whose guests really run: boto3 with its waiters,
/// paginators and exceptions, and AWS' SDK for Java with the calls that Terraform's provider makes.
final class RealClientsE2eTest {
  private static final int BEHAVIOURS_MIN = 140;

  @TempDir static Path folder;
  private static Cloud cloud;
  private static String image;

  @BeforeAll
  static void start() throws Exception {
    // The guest hears nothing, so there is no use in asking it for long to power off.
    Map<String, String> hasty =
        Map.of(
            "brume.node.stop-grace", "500ms",
            "brume.node.vcpu", "100",
            "brume.node.memory-mib", "100000");
    cloud = Cloud.on(new CloudOptions(folder.resolve("data"), 0, 1, null, hasty)).start();
    image = TinyGuest.register(cloud, "tiny", TinyGuest.source(folder.resolve("tiny-image")));
  }

  @AfterAll
  static void stop() {
    cloud.close();
  }

  @Test
  void boto3DrivesAWholeLife() throws Exception {
    assumeTrue(hasBoto3(), "no python3 with boto3 is installed");
    Path script = folder.resolve("real_clients.py");
    try (InputStream in = RealClientsE2eTest.class.getResourceAsStream("real_clients.py")) {
      Files.copy(Objects.requireNonNull(in), script);
    }
    Process process = python(List.of("python3", script.toString(), image));
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(240, TimeUnit.SECONDS)).as("python ended").isTrue();
    assertThat(output).endsWith("well\n");
  }

  /// A line of the table for each behaviour, of which there must be many.
  @TestFactory
  Stream<DynamicTest> whatClientsOfEc2Expect() throws Exception {
    assumeTrue(hasBoto3(), "no python3 with boto3 is installed");
    Path table =
        Path.of(Objects.requireNonNull(RealClientsE2eTest.class.getResource("ec2")).toURI())
            .resolve("table.py");
    Process process = python(List.of("python3", "-B", table.toString(), image));
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).as("python ended").isTrue();
    assertThat(lines.size()).as(String.join("\n", lines)).isGreaterThan(BEHAVIOURS_MIN);
    return lines.stream()
        .map(line -> DynamicTest.dynamicTest(line, () -> assertThat(line).startsWith("ok ")));
  }

  private static boolean hasBoto3() throws InterruptedException {
    try {
      Process process = python(List.of("python3", "-c", "import boto3"));
      process.getInputStream().readAllBytes();
      return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static Process python(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("AWS_ENDPOINT_URL", cloud.url() + "/ec2");
    builder.environment().put("AWS_ENDPOINT_URL_STS", cloud.url() + "/sts");
    builder.environment().put("AWS_ACCESS_KEY_ID", cloud.accessKeyId());
    builder.environment().put("AWS_SECRET_ACCESS_KEY", cloud.secretAccessKey());
    builder.environment().put("AWS_DEFAULT_REGION", "us-east-1");
    builder.environment().put("AWS_CONFIG_FILE", "/dev/null");
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }

  private static Ec2Client client() {
    return Ec2Client.builder()
        .endpointOverride(URI.create(cloud.url() + "/ec2"))
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(cloud.accessKeyId(), cloud.secretAccessKey())))
        .httpClient(Apache5HttpClient.create())
        .build();
  }

  private static Filter filter(String name, String value) {
    return Filter.builder().name(name).values(value).build();
  }

  /// What `terraform apply`, a second `plan` and `destroy` of an `aws_instance` in a network of its
  /// own ask for, in the provider's order; each field that the provider reads is looked at.
  @Test
  void terraformsCallsFindWhatTheProviderReads() {
    try (Ec2Client ec2 = client();
        Ec2Waiter waiter =
            Ec2Waiter.builder()
                .client(ec2)
                .overrideConfiguration(
                    WaiterOverrideConfiguration.builder()
                        .maxAttempts(240)
                        .backoffStrategyV2(BackoffStrategy.fixedDelay(Duration.ofMillis(500)))
                        .build())
                .build()) {
      String vpc = network(ec2);
      String subnet =
          ec2.createSubnet(request -> request.vpcId(vpc).cidrBlock("10.40.1.0/24"))
              .subnet()
              .subnetId();
      String group = group(ec2, vpc);
      String id = instance(ec2, subnet, group);
      waiter.waitUntilInstanceRunning(request -> request.instanceIds(id));
      refresh(ec2, id, subnet, group);

      ec2.modifyInstanceAttribute(
          request -> request.instanceId(id).disableApiTermination(flag -> flag.value(false)));
      ec2.stopInstances(request -> request.instanceIds(id));
      waiter.waitUntilInstanceStopped(request -> request.instanceIds(id));
      ec2.modifyInstanceAttribute(
          request -> request.instanceId(id).instanceType(type -> type.value("e1.micro")));
      ec2.startInstances(request -> request.instanceIds(id));
      waiter.waitUntilInstanceRunning(request -> request.instanceIds(id));
      ec2.terminateInstances(request -> request.instanceIds(id));
      waiter.waitUntilInstanceTerminated(request -> request.instanceIds(id));
      Instance gone = described(ec2, id);
      assertThat(gone.state().nameAsString()).isEqualTo("terminated");
      assertThat(
              ec2.describeNetworkInterfaces(request -> request.filters(filter("group-id", group)))
                  .networkInterfaces())
          .as("nothing hangs on the group any more")
          .isEmpty();
      ec2.deleteSecurityGroup(request -> request.groupId(group));
      ec2.deleteSubnet(request -> request.subnetId(subnet));
      ec2.deleteVpc(request -> request.vpcId(vpc));
    }
  }

  private static String network(Ec2Client ec2) {
    String vpc = ec2.createVpc(request -> request.cidrBlock("10.40.0.0/16")).vpc().vpcId();
    assertThat(ec2.describeVpcs(request -> request.vpcIds(vpc)).vpcs().getFirst().stateAsString())
        .isEqualTo("available");
    for (VpcAttributeName attribute :
        List.of(
            VpcAttributeName.ENABLE_DNS_HOSTNAMES,
            VpcAttributeName.ENABLE_DNS_SUPPORT,
            VpcAttributeName.ENABLE_NETWORK_ADDRESS_USAGE_METRICS)) {
      var answer = ec2.describeVpcAttribute(request -> request.vpcId(vpc).attribute(attribute));
      assertThat(answer.vpcId()).isEqualTo(vpc);
    }
    assertThat(
            ec2.describeNetworkAcls(
                    request -> request.filters(filter("default", "true"), filter("vpc-id", vpc)))
                .networkAcls())
        .hasSize(1);
    assertThat(
            ec2.describeRouteTables(request ->
                    request.filters(filter("association.main", "true"), filter("vpc-id", vpc)))
                .routeTables())
        .hasSize(1);
    assertThat(
            ec2.describeSecurityGroups(request ->
                    request.filters(filter("group-name", "default"), filter("vpc-id", vpc)))
                .securityGroups())
        .hasSize(1);
    return vpc;
  }

  /// The provider takes the usual way out away and gives the one that is written down.
  private static String group(Ec2Client ec2, String vpc) {
    String group =
        ec2.createSecurityGroup(
                request -> request.vpcId(vpc).groupName("terraform").description("Managed"))
            .groupId();
    var all =
        ec2.describeSecurityGroups(request -> request.groupIds(group))
            .securityGroups()
            .getFirst()
            .ipPermissionsEgress();
    ec2.revokeSecurityGroupEgress(request -> request.groupId(group).ipPermissions(all));
    ec2.authorizeSecurityGroupEgress(request -> request.groupId(group).ipPermissions(all));
    return group;
  }

  private static String instance(Ec2Client ec2, String subnet, String group) {
    return ec2.runInstances(request ->
            request
                .imageId(image)
                .instanceType("e1.nano")
                .minCount(1)
                .maxCount(1)
                .clientToken("terraform-1")
                .subnetId(subnet)
                .securityGroupIds(group)
                .userData("dGVycmFmb3Jt")
                .disableApiTermination(true)
                .tagSpecifications(
                    TagSpecification.builder()
                        .resourceType("instance")
                        .tags(Tag.builder().key("Name").value("by-terraform").build())
                        .build()))
        .instances()
        .getFirst()
        .instanceId();
  }

  private static Instance described(Ec2Client ec2, String id) {
    return ec2.describeInstances(request -> request.instanceIds(id))
        .reservations()
        .getFirst()
        .instances()
        .getFirst();
  }

  private static void refresh(Ec2Client ec2, String id, String subnet, String group) {
    Instance shown = described(ec2, id);
    List<String> unread = new ArrayList<>();
    Map.ofEntries(
            Map.entry("ami", shown.imageId().equals(image)),
            Map.entry("availability_zone", shown.placement().availabilityZone() != null),
            Map.entry("tenancy", "default".equals(shown.placement().tenancyAsString())),
            Map.entry("cpu_core_count", shown.cpuOptions().coreCount() == 1),
            Map.entry("cpu_threads_per_core", shown.cpuOptions().threadsPerCore() == 1),
            Map.entry("ebs_optimized", shown.ebsOptimized() != null),
            Map.entry("hibernation", !shown.hibernationOptions().configured()),
            Map.entry("enclave_options", !shown.enclaveOptions().enabled()),
            Map.entry("maintenance_options", shown.maintenanceOptions().autoRecovery() != null),
            Map.entry("metadata_options", shown.metadataOptions().httpTokens() != null),
            Map.entry("monitoring", "disabled".equals(shown.monitoring().stateAsString())),
            Map.entry("instance_state", shown.state().code() == 16),
            Map.entry("private_dns", shown.privateDnsName().startsWith("ip-10-40-1-")),
            Map.entry("private_ip", shown.privateIpAddress().startsWith("10.40.1.")),
            Map.entry("subnet_id", subnet.equals(shown.subnetId())),
            Map.entry("source_dest_check", shown.sourceDestCheck()),
            Map.entry("root_device_name", "/dev/sda1".equals(shown.rootDeviceName())),
            Map.entry("root_device_type", "ebs".equals(shown.rootDeviceTypeAsString())),
            Map.entry("primary_network_interface_id", shown.networkInterfaces().size() == 1),
            Map.entry("security_groups", shown.securityGroups().size() == 1),
            Map.entry(
                "vpc_security_group_ids",
                shown.securityGroups().getFirst().groupId().equals(group)),
            Map.entry("tags", shown.tags().getFirst().value().equals("by-terraform")))
        .forEach((field, isRead) -> {
          if (!isRead) {
            unread.add(field);
          }
        });
    assertThat(unread).isEmpty();
    assertThat(
            ec2.describeInstanceTypes(request -> request.instanceTypesWithStrings("e1.nano"))
                .instanceTypes()
                .getFirst()
                .burstablePerformanceSupported())
        .isNotNull();
    assertThat(ec2.describeTags(request -> request.filters(filter("resource-id", id))).tags())
        .hasSize(1);
    assertThat(ec2.describeVpcs(request -> request.vpcIds(shown.vpcId())).vpcs()).hasSize(1);
    String root = shown.blockDeviceMappings().getFirst().ebs().volumeId();
    assertThat(ec2.describeVolumes(request -> request.volumeIds(root)).volumes().getFirst().size())
        .isEqualTo(8);
    assertThat(attribute(ec2, id, InstanceAttributeName.INSTANCE_INITIATED_SHUTDOWN_BEHAVIOR))
        .contains("stop");
    assertThat(attribute(ec2, id, InstanceAttributeName.DISABLE_API_STOP)).contains("false");
    assertThat(attribute(ec2, id, InstanceAttributeName.DISABLE_API_TERMINATION)).contains("true");
    assertThat(attribute(ec2, id, InstanceAttributeName.USER_DATA)).contains("dGVycmFmb3Jt");
    assertThat(
            ec2.describeInstanceCreditSpecifications(request -> request.instanceIds(id))
                .instanceCreditSpecifications()
                .getFirst()
                .cpuCredits())
        .isEqualTo("standard");
  }

  private static String attribute(Ec2Client ec2, String id, InstanceAttributeName name) {
    return ec2.describeInstanceAttribute(request -> request.instanceId(id).attribute(name))
        .toString();
  }
}
