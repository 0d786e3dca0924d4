package brume.compute.access;

import java.util.List;

/// What an account is held to, as of the request that is being judged.
///
/// @param suspended it may look and change nothing
/// @param requestsPerSecondMax over all of its credentials
public record AccountRules(boolean suspended, int requestsPerSecondMax, List<Policy> policies) {
  public AccountRules {
    policies = List.copyOf(policies);
  }
}
