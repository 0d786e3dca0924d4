package brume.compute.access;

import brume.compute.refusal.Refused;
import java.util.List;

/// The one place that decides whether a caller may do a thing; both doors ask it by the action's
/// name. It looks at nothing but its arguments: the principal brings along what binds it.
///
/// A door asks by way of [Gate] before it reads a request's body, and whoever knows the target asks
/// again with it before changing anything.
///
/// An account's policies bind everyone in it, but never what takes an owner's or a cloud operator's
/// right: who locked themselves out by a policy can still take it back. Policies without conditions
/// also forbid looking; those about types and tags speak of changes alone.
public final class Authorization {
  private Authorization() {}

  /// Throws a refusal unless role, scopes, the account's standing and its policies without
  /// conditions allow the action.
  public static void require(Principal principal, Action action) {
    if (!action.right().isHeldBy(principal)) {
      throw Refused.forbidden(tooLittle(principal, action));
    }
    if (!action.right().isBoundByTheAccount()) {
      return;
    }
    if (!principal.scopes().isEmpty()
        && principal.scopes().stream().noneMatch(scope -> Glob.matches(scope, action.name()))) {
      throw Refused.forbidden(
          principal.id() + " is limited to other actions than " + action + " by its scopes");
    }
    if (principal.rules().suspended() && !action.right().onlyLooks()) {
      throw Refused.forbidden(
          "account "
              + principal.accountId()
              + " is suspended and can change nothing: ask the cloud's operator");
    }
    if (action.right().isBoundByPolicies()) {
      for (Policy policy : principal.rules().policies()) {
        if (policy.effect() == Policy.Effect.DENY
            && policy.isUnconditional()
            && policy.names(action)) {
          throw denied(action, policy);
        }
      }
    }
  }

  /// Throws a refusal unless the action is also allowed on this target.
  public static void require(Principal principal, Action action, Target target) {
    require(principal, action);
    if (action.right() != Right.OPERATOR) {
      return;
    }
    List<Policy> naming =
        principal.rules().policies().stream().filter(policy -> policy.names(action)).toList();
    for (Policy policy : naming) {
      if (policy.effect() == Policy.Effect.DENY && policy.fits(target)) {
        throw denied(action, policy);
      }
    }
    List<Policy> allowing =
        naming.stream().filter(policy -> policy.effect() == Policy.Effect.ALLOW).toList();
    if (!allowing.isEmpty() && allowing.stream().noneMatch(policy -> policy.fits(target))) {
      throw Refused.forbidden(
          "the account's policies allow "
              + action
              + " only where one of these holds: "
              + String.join(", ", allowing.stream().map(Authorization::shown).toList()));
    }
  }

  private static Refused denied(Action action, Policy policy) {
    return Refused.forbidden(
        "the account's policy '" + policy.name() + "' denies " + action + " here");
  }

  private static String shown(Policy policy) {
    return "'"
        + policy.name()
        + "'"
        + (policy.types().isEmpty() ? "" : " type " + String.join(" or ", policy.types()))
        + (policy.tags().isEmpty() ? "" : " tags " + policy.tags());
  }

  private static String tooLittle(Principal principal, Action action) {
    return switch (action.right()) {
      case CLOUD_OPERATOR -> action + " needs a token of an operator of the cloud";
      case BILLING, READER, OPERATOR, OWNER, ANYBODY, CREDENTIAL ->
          action
              + " needs role "
              + least(action.right())
              + ", and "
              + principal.id()
              + " has role "
              + principal.role().text();
    };
  }

  private static String least(Right right) {
    return switch (right) {
      case BILLING, ANYBODY, CREDENTIAL -> "billing, reader, operator or owner";
      case READER -> "reader, operator or owner";
      case OPERATOR -> "operator or owner";
      case OWNER, CLOUD_OPERATOR -> "owner";
    };
  }
}
