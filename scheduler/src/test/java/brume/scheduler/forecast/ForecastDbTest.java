package brume.scheduler.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import brume.contract.Resources;
import brume.contract.plan.PlanAnswer;
import brume.contract.plan.PlanQuestion;
import brume.scheduler.ScriptedNode;
import brume.scheduler.TestFleet;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What is foretold is what a round then does, and the foretelling leaves no trace.
class ForecastDbTest {
  private final TestFleet fleet = new TestFleet(1);
  private final Forecast forecast = new Forecast(fleet.demands, fleet.clock, new Random(7), 1_000);

  private PlanAnswer ask(int count, int memoryMib, String zone) throws InterruptedException {
    return forecast.of(new PlanQuestion(count, new Resources(1, memoryMib), zone));
  }

  @Test
  void whatIsForetoldIsWhatARoundDoesAndNothingIsHeld() throws Exception {
    assertThat(ask(1, 256, null).reason()).isEqualTo("no node has joined this cloud yet");
    ScriptedNode a = ScriptedNode.joined(fleet, "n1", "a", 4, 1024);
    ScriptedNode.joined(fleet, "n2", "b", 4, 512);

    PlanAnswer one = ask(1, 768, null);
    assertThat(one.places()).containsExactly(new PlanAnswer.Place(a.id, "a"));
    assertThat(one.reason()).isNull();
    PlanAnswer two = ask(2, 768, null);
    assertThat(two.places()).hasSize(1);
    assertThat(two.reason())
        .isEqualTo("no node has 1 vCPU and 768 MiB free; the largest free is 4 vCPU and 512 MiB");
    assertThat(ask(1, 768, "b").reason()).endsWith("; zone a has room");
    assertThat(ask(1, 768, "x").reason()).isEqualTo("there is no zone x; there are: a, b");
    assertThat(fleet.owner.sql("SELECT * FROM scheduling.allocation").query().listOfRows())
        .isEmpty();
    assertThat(fleet.owner.sql("SELECT * FROM scheduling.refusal").query().listOfRows()).isEmpty();

    // What waits already goes first.
    String waiting = fleet.launch(1, 768);
    assertThat(ask(1, 768, null).places()).isEmpty();
    fleet.placement(1).run();
    assertThat(fleet.fact(waiting)).containsEntry("allocated", true);
    assertThat(ask(1, 512, null).places()).hasSize(1);
  }
}
