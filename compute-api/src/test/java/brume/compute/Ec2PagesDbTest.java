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
import software.amazon.awssdk.services.ec2.model.DescribeVolumesResponse;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Volume;

/// Lists that are longer than what is read of them at once.
@ExtendWith(SharedCloud.class)
final class Ec2PagesDbTest {
  private static final int VOLUMES = 2_300;

  private static Ec2Client ec2;

  /// As if they had been made one by one: each thousandth has a tag, and each third another size.
  @BeforeAll
  static void start() {
    TestCloud cloud = SharedCloud.get();
    Ec2Clients clients = new Ec2Clients(cloud);
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
}
