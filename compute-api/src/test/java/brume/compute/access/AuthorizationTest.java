package brume.compute.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.compute.refusal.Refused;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who may do what: roles against actions as a table, patterns, and the order of policies.
final class AuthorizationTest {
  private static Principal principal(Role role, boolean operator, List<Policy> policies) {
    return new Principal(
        "tok-1",
        Principal.Source.TOKEN,
        "000000000001",
        null,
        role,
        operator,
        List.of(),
        new AccountRules(false, 10, policies));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          DescribeInstances   | reader operator owner
          GetConsoleOutput    | reader operator owner
          GetSession          | billing reader operator owner
          GetAccount          | billing reader operator owner
          GetBilling          | billing reader operator owner
          RunInstances        | operator owner
          CreateVpc           | operator owner
          CreateToken         | owner
          ListAuditEntries    | owner
          UpdatePolicy        | owner
          ListNodes           | cloud
          ListAccounts        | cloud
          """)
  void everyActionHasItsRoles(String action, String roles) {
    for (Role role : Role.values()) {
      assertThat(isAllowed(principal(role, false, List.of()), action))
          .as(action + " as " + role)
          .isEqualTo(List.of(roles.split(" ")).contains(role.text()));
    }
    assertThat(isAllowed(principal(Role.READER, true, List.of()), action))
        .as(action + " as a reader who operates the cloud")
        .isEqualTo(roles.contains("reader") || roles.equals("cloud"));
  }

  private static boolean isAllowed(Principal principal, String action) {
    try {
      Authorization.require(principal, Action.of(action));
      return true;
    } catch (Refused refused) {
      return false;
    }
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          *,            RunInstances, true
          Run*,         RunInstances, true
          *Instances,   RunInstances, true
          R*n*s,        RunInstances, true
          RunInstance?, RunInstances, true
          RunInstances?,RunInstances, false
          run*,         RunInstances, false
          Run,          RunInstances, false
          '',           RunInstances, false
          **,           '',           true
          ?,            '',           false
          """)
  void patterns(String pattern, String text, boolean matches) {
    assertThat(Glob.matches(pattern, text)).isEqualTo(matches);
  }

  @Test
  void aHostilePatternTakesNoLongerThanPatternTimesText() {
    assertThat(Glob.matches("*a".repeat(30) + "b", "a".repeat(2000))).isFalse();
  }

  @Test
  void aDenialGoesBeforeAnyAllowance() {
    Policy allow = new Policy("a", Policy.Effect.ALLOW, List.of("Run*"), List.of("e1.*"), Map.of());
    Policy deny = new Policy("d", Policy.Effect.DENY, List.of("*"), List.of("e1.large"), Map.of());
    Principal both = principal(Role.OWNER, false, List.of(allow, deny));
    Action run = Action.of("RunInstances");
    Authorization.require(both, run, new Target("e1.nano", Map.of()));
    for (String type : new String[] {"e1.large", "m5.nano"}) {
      assertThatThrownBy(() -> Authorization.require(both, run, new Target(type, Map.of())))
          .isInstanceOf(Refused.class);
    }
    // What the allowance does not name it does not limit.
    Authorization.require(both, Action.of("StopInstances"), new Target("m5.nano", Map.of()));
  }

  @Test
  void allTagsOfAPolicyMustFitAndAMissingOneDoesNot() {
    Policy deny =
        new Policy(
            "d", Policy.Effect.DENY, List.of("Stop*"), List.of(), Map.of("env", "p*", "team", "*"));
    Principal held = principal(Role.OWNER, false, List.of(deny));
    Action stop = Action.of("StopInstances");
    Authorization.require(held, stop, new Target(null, Map.of("env", "prod")));
    Authorization.require(held, stop, new Target(null, Map.of("env", "test", "team", "x")));
    Target both = new Target(null, Map.of("env", "prod", "team", ""));
    assertThatThrownBy(() -> Authorization.require(held, stop, both)).isInstanceOf(Refused.class);
  }
}
