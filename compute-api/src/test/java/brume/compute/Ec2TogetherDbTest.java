package brume.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Instance;

/// Launches that come at once at the EC2 door share transactions, and none notices the others: what
/// is refused is refused alone, a token is one launch, and a quota is exact.
@ExtendWith(SharedCloud.class)
final class Ec2TogetherDbTest {
  private static final String IMAGE = "ami-00000000000000001";
  private static final String NO_IMAGE = "ami-0123456789abcdef0";
  private static final int AT_ONCE = 48;

  private static Callable<String> launch(Ec2Client ec2, String image, String token) {
    return () -> {
      try {
        Instance made =
            ec2.runInstances(request ->
                    request
                        .imageId(image)
                        .instanceType("e1.nano")
                        .minCount(1)
                        .maxCount(1)
                        .clientToken(token))
                .instances()
                .getFirst();
        assertThat(made.privateIpAddress()).isNotEmpty();
        return made.instanceId();
      } catch (Ec2Exception refused) {
        return refused.awsErrorDetails().errorCode();
      }
    };
  }

  private static List<String> together(List<Callable<String>> requests) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<String> answers = new ArrayList<>();
      for (Future<String> answer : threads.invokeAll(requests)) {
        answers.add(answer.get());
      }
      return answers;
    }
  }

  /// However it went, the volumes that accounts are said to hold are there.
  @AfterEach
  void theVolumesAreCounted() {
    assertThat(
            SharedCloud.get()
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
  void oneThatIsRefusedIsRefusedAlone() throws Exception {
    Ec2Client ec2 = new Ec2Clients(SharedCloud.get()).newAccount("ec2-together-a");
    List<Callable<String>> requests = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      requests.add(launch(ec2, i % 8 == 0 ? NO_IMAGE : IMAGE, "t-" + i));
    }
    List<String> answers = together(requests);
    for (int i = 0; i < AT_ONCE; i++) {
      assertThat(answers.get(i)).startsWith(i % 8 == 0 ? "InvalidAMIID.NotFound" : "i-");
    }
    List<Instance> shown =
        ec2.describeInstancesPaginator().reservations().stream()
            .flatMap(reservation -> reservation.instances().stream())
            .toList();
    assertThat(shown).hasSize(AT_ONCE * 7 / 8);
    assertThat(new HashSet<>(shown.stream().map(Instance::privateIpAddress).toList()))
        .hasSameSizeAs(shown);
    assertThat(new HashSet<>(shown.stream().map(Instance::publicIpAddress).toList()))
        .hasSameSizeAs(shown);
  }

  @Test
  void aTokenThatComesOftenAtOnceIsOneLaunch() throws Exception {
    Ec2Client ec2 = new Ec2Clients(SharedCloud.get()).newAccount("ec2-together-b");
    List<String> answers =
        together(
            IntStream.range(0, AT_ONCE).mapToObj(i -> launch(ec2, IMAGE, "t-" + i % 2)).toList());
    assertThat(new HashSet<>(answers)).hasSize(2).allMatch(id -> id.startsWith("i-"));
    assertThat(ec2.describeInstances().reservations()).hasSize(2);
  }

  @Test
  void aQuotaIsExact() throws Exception {
    TestCloud cloud = SharedCloud.get();
    Ec2Client ec2 = new Ec2Clients(cloud).newAccount("ec2-together-c");
    cloud
        .owner
        .sql("UPDATE compute.account SET instances_max = 10 WHERE name = 'ec2-together-c'")
        .update();
    List<String> answers =
        together(IntStream.range(0, AT_ONCE).mapToObj(i -> launch(ec2, IMAGE, "t" + i)).toList());
    assertThat(answers.stream().filter(answer -> answer.startsWith("i-"))).hasSize(10);
    assertThat(answers.stream().filter(answer -> answer.equals("InstanceLimitExceeded")))
        .hasSize(AT_ONCE - 10);
  }
}
