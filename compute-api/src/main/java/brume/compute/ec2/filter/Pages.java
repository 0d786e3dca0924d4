package brume.compute.ec2.filter;

import brume.compute.ec2.wire.Ec2Fault;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Which page of a list is asked for. A token is opaque to clients; inside it is the action and the
/// id that the page begins behind, so a page stays where it is when things are added.
///
/// @param after null for the first page
public record Pages(String action, int limit, @Nullable String after) {
  public static final int LEAST = 5;
  public static final int MOST = 1_000;
  private static final int TOKEN_MAX = 400;

  /// One page, and the token of the next; null on the last one.
  public record Page<T>(List<T> items, @Nullable String nextToken) {}

  private record Limits(int least, int most) {}

  /// As EC2's reference has them, where they are not the usual ones.
  private static final Map<String, Limits> LIMITS =
      Map.of(
          "DescribeRouteTables", new Limits(5, 100),
          "DescribeInstanceTypes", new Limits(5, 100),
          "DescribeLaunchTemplates", new Limits(1, 200),
          "DescribeLaunchTemplateVersions", new Limits(1, 200),
          "DescribeVolumesModifications", new Limits(1, 500));

  private static final Set<String> WHOLE_BY_ID =
      Set.of(
          "DescribeVolumes",
          "DescribeVolumeStatus",
          "DescribeSnapshots",
          "DescribeNetworkInterfaces");

  public static Pages of(String action, @Nullable Integer maxResults, @Nullable String nextToken) {
    Limits limits = LIMITS.getOrDefault(action, new Limits(LEAST, MOST));
    int least = limits.least();
    int most = maxResults == null ? MOST : limits.most();
    int limit = maxResults == null ? MOST : maxResults;
    if (limit < least || limit > most) {
      throw new Ec2Fault(
          "InvalidParameterValue",
          "Value ( "
              + limit
              + " ) for parameter maxResults is invalid. Expecting a value "
              + (limit < least
                  ? "greater than or equal to " + least
                  : "less than or equal to " + most)
              + ".");
    }
    return new Pages(
        action, limit, nextToken == null || nextToken.isEmpty() ? null : after(action, nextToken));
  }

  /// Refuses a length of pages beside ids, where EC2's reference does.
  public static void requireNoIds(String action, @Nullable Integer maxResults, List<String> ids) {
    if (maxResults != null && !ids.isEmpty() && WHOLE_BY_ID.contains(action)) {
      throw Ec2Fault.combination(
          "The parameter maxResults cannot be used with the ids of what is described");
    }
  }

  /// A page of what is sorted by `id`.
  public <T> Page<T> cut(List<T> sorted, Function<T, String> id) {
    String behind = after;
    List<T> rest =
        behind == null
            ? sorted
            : sorted.stream().filter(item -> id.apply(item).compareTo(behind) > 0).toList();
    if (rest.size() <= limit) {
      return new Page<>(List.copyOf(rest), null);
    }
    List<T> items = List.copyOf(rest.subList(0, limit));
    return new Page<>(items, token(id.apply(items.getLast())));
  }

  private String token(String position) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((action + "\n" + position).getBytes(StandardCharsets.UTF_8));
  }

  private static String after(String action, String token) {
    String mark = action + "\n";
    if (token.length() <= TOKEN_MAX) {
      try {
        String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        if (text.startsWith(mark) && text.length() > mark.length() && text.indexOf('\0') < 0) {
          return text.substring(mark.length());
        }
      } catch (IllegalArgumentException e) {
        // refused below, as every other text that is no token of this action
      }
    }
    throw new Ec2Fault("InvalidNextToken", "The specified NextToken value is not valid.");
  }
}
