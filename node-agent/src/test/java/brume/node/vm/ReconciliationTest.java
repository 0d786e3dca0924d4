package brume.node.vm;

import static org.assertj.core.api.Assertions.assertThat;

import brume.contract.Intent;
import brume.contract.VmState;
import brume.contract.sync.DesiredVm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The whole of what a node decides, as a table. e: epoch, g: generation, r: reboots.
class ReconciliationTest {
  private static final String ID = "i-00000000000000001";

  @ParameterizedTest(name = "{0} + {1} → {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nothing           | RUN e1 g1 r0       | launch e1 g1
          nothing           | RUN e1 g4 r7       | launch e1 g4
          nothing           | STOP e1 g2 r0      | report absent e1 g2
          nothing           | HIBERNATE e1 g2 r0 | report absent e1 g2
          nothing           | TERMINATE e1 g2 r0 | report absent e1 g2
          nothing           | nothing            | -

          STARTING e1 g1 r0 | RUN e1 g1 r0       | -
          STARTING e1 g1 r0 | RUN e1 g3 r0       | adopt g3
          STARTING e1 g1 r0 | RUN e1 g1 r1       | reboot g1 r1
          STARTING e1 g1 r0 | STOP e1 g2 r0      | shut down g2
          STARTING e1 g1 r0 | TERMINATE e1 g2 r0 | cut g2 terminated
          STARTING e1 g1 r0 | nothing            | cut g1 the instance is no longer placed on this node

          RUNNING e1 g1 r0  | RUN e1 g1 r0       | -
          RUNNING e1 g1 r0  | RUN e1 g3 r0       | adopt g3
          RUNNING e1 g1 r0  | RUN e1 g1 r1       | reboot g1 r1
          RUNNING e1 g1 r0  | RUN e1 g1 r5       | reboot g1 r5
          RUNNING e1 g1 r2  | RUN e1 g1 r1       | -
          RUNNING e1 g1 r0  | RUN e1 g2 r1       | reboot g2 r1
          RUNNING e1 g1 r0  | STOP e1 g2 r0      | shut down g2
          RUNNING e1 g1 r0  | HIBERNATE e1 g2 r0 | shut down g2
          RUNNING e1 g1 r0  | TERMINATE e1 g2 r0 | cut g2 terminated
          RUNNING e1 g1 r0  | nothing            | cut g1 the instance is no longer placed on this node

          STOPPING e1 g2 r0 | STOP e1 g2 r0      | -
          STOPPING e1 g2 r0 | RUN e1 g3 r0       | -
          STOPPING e1 g2 r0 | RUN e1 g3 r1       | -
          STOPPING e1 g2 r0 | STOP e1 g4 r0      | adopt g4
          STOPPING e1 g2 r0 | TERMINATE e1 g3 r0 | cut g3 terminated
          STOPPING e1 g2 r0 | nothing            | cut g2 the instance is no longer placed on this node
          CUT e1 g2 r0      | TERMINATE e1 g2 r0 | -
          CUT e1 g2 r0      | TERMINATE e1 g3 r0 | adopt g3
          CUT e1 g2 r0      | nothing            | -

          GONE e1 g2 r0     | RUN e1 g1 r0       | -
          GONE e1 g2 r0     | RUN e1 g3 r0       | -
          GONE e1 g2 r0     | STOP e1 g3 r0      | -
          GONE e1 g2 r0     | nothing            | -
          FAILED e1 g1 r0   | RUN e1 g1 r0       | -
          FAILED e1 g1 r0   | TERMINATE e1 g2 r0 | -

          # An older epoch or generation is a voice from the past.
          RUNNING e5 g3 r0  | RUN e4 g3 r0       | -
          RUNNING e5 g3 r0  | TERMINATE e4 g4 r0 | -
          RUNNING e5 g3 r0  | STOP e5 g2 r0      | -
          GONE e5 g3 r0     | RUN e4 g9 r0       | -

          # A newer epoch waits for the end of the older one's VM.
          RUNNING e5 g3 r0  | RUN e6 g3 r0       | cut g3 the instance was placed anew
          STOPPING e5 g3 r0 | RUN e6 g4 r0       | cut g3 the instance was placed anew
          CUT e5 g3 r0      | RUN e6 g4 r0       | -
          RUNNING e5 g3 r0  | TERMINATE e6 g4 r0 | cut g3 the instance was placed anew
          GONE e5 g3 r0     | RUN e6 g4 r0       | launch e6 g4
          FAILED e5 g3 r0   | RUN e6 g3 r0       | launch e6 g3
          GONE e5 g3 r0     | STOP e6 g4 r0      | report absent e6 g4
          """)
  void steps(String held, String desired, String steps) {
    Map<String, HeldVm> table = held.equals("nothing") ? Map.of() : Map.of(ID, held(held));
    List<DesiredVm> set = desired.equals("nothing") ? List.of() : List.of(desired(desired));
    assertThat(text(Reconciliation.steps(set, table))).isEqualTo(steps);
  }

  @Test
  void anInstanceNamedTwiceCountsWithItsNewestEpoch() {
    List<DesiredVm> set = List.of(desired("RUN e7 g2 r0"), desired("TERMINATE e6 g3 r0"));
    assertThat(text(Reconciliation.steps(set, Map.of()))).isEqualTo("launch e7 g2");
    assertThat(text(Reconciliation.steps(set.reversed(), Map.of()))).isEqualTo("launch e7 g2");
  }

  private static long number(String field) {
    return Long.parseLong(field.substring(1));
  }

  private static HeldVm held(String text) {
    String[] f = text.split(" ");
    boolean cut = f[0].equals("CUT");
    VmState state = cut ? VmState.STOPPING : VmState.valueOf(f[0]);
    return new HeldVm(ID, number(f[1]), number(f[2]), number(f[3]), state, cut);
  }

  private static DesiredVm desired(String text) {
    String[] f = text.split(" ");
    return new DesiredVm(
        ID,
        number(f[1]),
        number(f[2]),
        Intent.valueOf(f[0]),
        number(f[3]),
        1,
        128,
        10,
        "builtin:debian-micro",
        "host",
        null);
  }

  private static String text(List<Step> steps) {
    List<String> texts = new ArrayList<>();
    for (Step step : steps) {
      texts.add(
          switch (step) {
            case Step.Launch(DesiredVm one) -> "launch e" + one.epoch() + " g" + one.generation();
            case Step.Adopt(String id, long generation) -> "adopt g" + generation;
            case Step.Reboot(String id, long generation, long reboots) ->
                "reboot g" + generation + " r" + reboots;
            case Step.ShutDown(String id, long generation) -> "shut down g" + generation;
            case Step.Cut(String id, long generation, String reason) ->
                "cut g" + generation + " " + reason;
            case Step.ReportAbsent(DesiredVm one) ->
                "report absent e" + one.epoch() + " g" + one.generation();
          });
    }
    return texts.isEmpty() ? "-" : String.join(", ", texts);
  }
}
