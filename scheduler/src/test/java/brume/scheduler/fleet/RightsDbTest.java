package brume.scheduler.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.scheduler.TestFleet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The scheduler's role crosses no line.
class RightsDbTest {
  private static final TestFleet FLEET = new TestFleet(1);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE compute.instance SET intent = 'RUN'",
        "DELETE FROM compute.instance",
        "INSERT INTO compute.account VALUES ('000000000009', 'x', 1, 1, 1, now())",
        "SELECT * FROM compute.instance",
        "SELECT * FROM compute.api_token",
        "SELECT * FROM compute.token_principal",
        "SELECT * FROM billing.usage",
        "UPDATE scheduling.transition SET at = now()",
        "DELETE FROM scheduling.transition",
        "DELETE FROM scheduling.transition_head",
        "CREATE TABLE scheduling.mine (x int)",
      })
  void isRefused(String sql) {
    assertThatThrownBy(() -> FLEET.jdbc.sql(sql).update())
        .rootCause()
        .hasMessageContaining("permission denied");
  }

  @Test
  void readsWhatIsPublishedForIt() {
    assertThat(FLEET.jdbc.sql("SELECT * FROM compute.instance_intent").query().listOfRows())
        .isEmpty();
  }
}
