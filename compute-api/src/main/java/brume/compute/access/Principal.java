package brume.compute.access;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who asks, whichever door they came through and whatever they showed there.
///
/// @param id of the credential: `tok-…` or `AKIA…`
/// @param userId of the person it belongs to; null for one of the account's own
/// @param role what it may do: the lesser of the credential's and its person's
/// @param cloudOperator whether it may see nodes and accounts, which stands apart from the role
/// @param scopes patterns of the only actions it may do; empty for all that the role may
/// @param rules what its account is held to at this moment
public record Principal(
    String id,
    Source source,
    String accountId,
    @Nullable String userId,
    Role role,
    boolean cloudOperator,
    List<String> scopes,
    AccountRules rules) {
  public Principal {
    scopes = List.copyOf(scopes);
  }

  /// What was shown.
  public enum Source {
    TOKEN,
    ACCESS_KEY
  }
}
