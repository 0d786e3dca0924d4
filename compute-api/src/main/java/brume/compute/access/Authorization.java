package brume.compute.access;

import brume.compute.refusal.Refused;

/// The one place that decides whether a caller may do a thing; both doors ask it by the action's
/// name. It looks at nothing but its arguments: the principal brings along what binds it.
///
/// A door asks [#require(Principal, Action)] before it reads a request's body, and whoever knows
/// the target asks again with it before changing anything.
public final class Authorization {
  private Authorization() {}

  /// Throws a refusal unless role, scopes and the account's standing allow the action.
  public static void require(Principal principal, Action action) {
    if (!action.right().isHeldBy(principal)) {
      throw Refused.forbidden(tooLittle(principal, action));
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
  }

  /// Throws a refusal unless the action is also allowed on this target.
  public static void require(Principal principal, Action action, Target target) {
    require(principal, action);
  }

  private static String tooLittle(Principal principal, Action action) {
    return switch (action.right()) {
      case CLOUD_OPERATOR -> action + " needs a token of an operator of the cloud";
      case BILLING, READER, OPERATOR, OWNER ->
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
      case BILLING -> "billing, reader, operator or owner";
      case READER -> "reader, operator or owner";
      case OPERATOR -> "operator or owner";
      case OWNER, CLOUD_OPERATOR -> "owner";
    };
  }
}
