package brume.compute;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import brume.compute.ec2.Operation;
import brume.compute.ec2.Operations;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/// Each filter that EC2's reference documents for an action (its names are in `ec2-filters.txt`, as
/// of the model of botocore 1.43) is known here, and selects nothing where nothing is like it.
@ExtendWith(SharedCloud.class)
final class Ec2FilterDbTest {
  /// Where a value that can be none is refused.
  private static final Map<String, String> UNLIKE =
      Map.of("DescribeSecurityGroupRules group-id", "sg-0123456789abcdef0");

  private static List<String> lines() {
    try (InputStream in = Ec2FilterDbTest.class.getResourceAsStream("ec2-filters.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RequestSigner signer() {
    return new RequestSigner(SharedCloud.get(), TestCloud.ACCESS_KEY, TestCloud.ACCESS_KEY_SECRET);
  }

  @TestFactory
  Stream<DynamicTest> everyDocumentedFilterIsKnown() {
    return lines().stream()
        .map(line -> line.split(" "))
        .map(cells -> DynamicTest.dynamicTest(cells[0], () -> ask(cells)));
  }

  private static void ask(String[] cells) {
    List<String> wrong = new ArrayList<>();
    for (int i = 1; i < cells.length; i++) {
      TestCloud.Answer answer =
          signer()
              .post(
                  "Action="
                      + cells[0]
                      + "&Version=2016-11-15&Filter.1.Name="
                      + cells[i].replace(":", "%3A")
                      + "&Filter.1.Value.1="
                      + UNLIKE.getOrDefault(cells[0] + " " + cells[i], "nothing-is-like-it"));
      if (answer.status() != 200 || answer.body().contains("<item>")) {
        wrong.add(cells[i] + " -> " + answer.body());
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyActionWithFiltersIsInTheList() {
    TreeSet<String> listed =
        lines().stream().map(line -> line.split(" ")[0]).collect(toCollection(TreeSet::new));
    assertThat(
            SharedCloud.get().context.getBean(Operations.class).all().stream()
                .filter(operation -> operation.parameters().containsKey("Filter.n.Name"))
                .map(Operation::name)
                .filter(name -> !listed.contains(name)))
        .as("of what there is none at all, any filter is taken")
        .containsExactlyInAnyOrder(
            "DescribeCapacityReservations",
            "DescribeEgressOnlyInternetGateways",
            "DescribeFlowLogs",
            "DescribeHosts",
            "DescribeManagedPrefixLists",
            "DescribePrefixLists",
            "DescribeSpotInstanceRequests",
            "DescribeVpnGateways");
  }
}
