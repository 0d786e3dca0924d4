package brume.compute;

import static brume.compute.Ec2Clients.filter;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeVolumesResponse;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.Volume;

/// Lists that are longer than what is read of them at once.
@ExtendWith(SharedCloud.class)
final class Ec2PagesDbTest {
  private static final int VOLUMES = 2_300;

  private static Ec2Client ec2;
  private static TestCloud cloud;
  private static Ec2Clients clients;

  /// As if they had been made one by one: each thousandth has a tag, and each third another size.
  @BeforeAll
  static void start() {
    cloud = SharedCloud.get();
    clients = new Ec2Clients(cloud);
    var made = cloud.post("/v1/accounts", "{\"name\":\"pages\"}").json();
    String account = made.path("account").path("id").asString();
    String token = made.path("ownerToken").path("token").asString();
    ec2 = clients.ec2(clients.credentials(token, "owner"), Ec2Clients.REGION);
    cloud
        .owner
        .sql(
            """
            INSERT INTO compute.volume (id, account_id, region, zone, size_gib, type, encrypted,
              delete_on_termination, created_at)
            SELECT 'vol-' || lpad(to_hex(n), 5, '0') || substr(:account, 1, 12), :account,
              'us-east-1', 'us-east-1a', CASE WHEN n % 3 = 0 THEN 30 ELSE 10 END, 'standard', false,
              false, now()
            FROM generate_series(1, :volumes) n
            """)
        .param("account", account)
        .param("volumes", VOLUMES)
        .update();
    cloud
        .owner
        .sql(
            """
            INSERT INTO compute.resource_tag (resource_id, account_id, region, key, value)
            SELECT id, account_id, region, 'rare', 'yes' FROM (
              SELECT *, row_number() OVER (ORDER BY id) AS n FROM compute.volume
              WHERE account_id = ?) v WHERE n % 1000 = 0
            """)
        .param(account)
        .update();
  }

  @AfterAll
  static void stop() {
    ec2.close();
  }

  private static List<Integer> pages(int most, Filter... filters) {
    List<Integer> sizes = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    String token = null;
    do {
      String next = token;
      DescribeVolumesResponse page =
          ec2.describeVolumes(
              request -> request.maxResults(most).nextToken(next).filters(List.of(filters)));
      sizes.add(page.volumes().size());
      ids.addAll(page.volumes().stream().map(Volume::volumeId).toList());
      token = page.nextToken();
    } while (token != null && sizes.size() < 100);
    assertThat(ids).isSorted().doesNotHaveDuplicates();
    return sizes;
  }

  @Test
  void pagesFollowOneAnotherWithoutGapOrDouble() {
    assertThat(pages(1000)).containsExactly(1000, 1000, 300);
    assertThat(pages(575)).containsExactly(575, 575, 575, 575);
  }

  @Test
  void filtersFillAPageFromAsMuchOfTheListAsItTakes() {
    assertThat(pages(500, filter("size", "30"))).containsExactly(500, 266);
    assertThat(pages(5, filter("tag:rare", "yes"))).containsExactly(2);
    assertThat(pages(5, filter("size", "77"))).containsExactly(0);
    assertThat(pages(1000, filter("tag:rare", "yes"), filter("size", "10", "30")))
        .containsExactly(2);
  }

  private static List<String> instances(Ec2Client of, int most, Filter... filters) {
    List<String> ids = new ArrayList<>();
    String token = null;
    do {
      String next = token;
      DescribeInstancesResponse page =
          of.describeInstances(
              request -> request.maxResults(most).nextToken(next).filters(List.of(filters)));
      List<String> some =
          page.reservations().stream()
              .flatMap(one -> one.instances().stream())
              .map(Instance::instanceId)
              .toList();
      assertThat(some).hasSizeLessThanOrEqualTo(most);
      ids.addAll(some);
      token = page.nextToken();
      assertThat(token == null || some.size() == most).isTrue();
    } while (token != null);
    return ids;
  }

  /// Of four, two are stopped, one ended a moment ago, and one so long ago that it is not shown.
  @Test
  void whatEndedStandsAmongWhatLives() {
    var made = cloud.post("/v1/accounts", "{\"name\":\"ended\"}").json();
    String account = made.path("account").path("id").asString();
    String token = made.path("ownerToken").path("token").asString();
    try (Ec2Client of = clients.ec2(clients.credentials(token, "owner"), Ec2Clients.REGION)) {
      assertThat(instances(of, 5)).isEmpty();
      cloud
          .owner
          .sql(
              """
              INSERT INTO compute.instance (id, account_id, reservation_id, launch_index, image_id,
                instance_type, vcpu, memory_mib, baseline_percent, intent, created_at, intent_at,
                terminated_at)
              SELECT 'i-' || lpad(to_hex(n), 5, '0') || substr(:account, 1, 12), :account,
                'r-' || lpad(to_hex(n), 5, '0') || substr(:account, 1, 12), 0,
                'ami-00000000000000001', 'e1.nano', 1, 128, 5,
                CASE WHEN n % 4 IN (1, 2) THEN 'TERMINATE' ELSE 'STOP' END, at, at,
                CASE n % 4 WHEN 1 THEN now() - interval '10 minutes'
                           WHEN 2 THEN now() - interval '2 hours' END
              FROM generate_series(0, 39) n, (SELECT now() - interval '3 hours' AS at) t
              """)
          .param("account", account)
          .update();
      List<String> all = new ArrayList<>();
      List<String> ended = new ArrayList<>();
      for (int n = 0; n < 40; n++) {
        String id = "i-%05x%s".formatted(n, account.substring(0, 12));
        if (n % 4 == 1) {
          ended.add(id);
        }
        if (n % 4 != 2) {
          all.add(id);
        }
      }
      for (int most : List.of(5, 7, 29, 30, 31, 1000)) {
        assertThat(instances(of, most)).as("%s at a time", most).isEqualTo(all);
        assertThat(instances(of, most, filter("instance-state-name", "terminated")))
            .isEqualTo(ended);
        assertThat(instances(of, most, filter("instance-state-name", "stopped", "terminated")))
            .isEqualTo(all);
      }
    }
  }
}
