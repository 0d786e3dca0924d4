package brume.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstanceStateTest {
  /// The whole table; `allocated` is capacity held with no VM reported yet, `none` is neither.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          intent    | none       | allocated     | starting      | running       | migrating     | stopping      | gone       | failed
          RUN       | pending    | pending       | pending       | running       | running       | pending       | pending    | pending
          STOP      | stopped    | stopping      | stopping      | stopping      | stopping      | stopping      | stopped    | stopped
          HIBERNATE | stopped    | stopping      | stopping      | stopping      | stopping      | stopping      | stopped    | stopped
          TERMINATE | terminated | shutting-down | shutting-down | shutting-down | shutting-down | shutting-down | terminated | terminated
          """)
  void showsWhatTheTableSays(
      Intent intent,
      String none,
      String allocated,
      String starting,
      String running,
      String migrating,
      String stopping,
      String gone,
      String failed) {
    assertThat(InstanceState.of(intent, false, null).text()).isEqualTo(none);
    assertThat(InstanceState.of(intent, true, null).text()).isEqualTo(allocated);
    Map<VmState, String> byState =
        Map.of(
            VmState.STARTING, starting,
            VmState.RUNNING, running,
            VmState.MIGRATING, migrating,
            VmState.STOPPING, stopping,
            VmState.GONE, gone,
            VmState.FAILED, failed);
    for (VmState vm : VmState.values()) {
      String expected = byState.get(vm);
      // An end is reported before its capacity is released: both must show the same.
      assertThat(InstanceState.of(intent, true, vm).text())
          .as("%s with capacity, VM %s", intent, vm.name().toLowerCase(Locale.ROOT))
          .isEqualTo(expected);
      assertThat(InstanceState.of(intent, false, vm).text()).isEqualTo(expected);
    }
  }
}
