package brume.node.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import brume.contract.Resources;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionTest {
  private static final long MIB = 1 << 20;

  /// running: promised/touched MiB of VMs with one vCPU each.
  @ParameterizedTest(name = "offer {0}, host {1}-{2}, running {3}, need {4} → {5}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          8x1000 | 2000 | 500 | none            | 1x1000 | yes
          8x1000 | 2000 | 500 | none            | 1x1001 | offers 8 vCPU and 1000 MiB
          8x1000 | 2000 | 500 | none            | 9x100  | offers 8 vCPU and 1000 MiB
          2x1000 | 2000 | 500 | 100/0 100/0     | 1x100  | its VMs hold 2 vCPU and 200 MiB
          8x9000 | 2000 | 500 | none            | 1x1500 | yes
          8x9000 | 2000 | 500 | none            | 1x1501 | the host has 2000 MiB of memory left, of which 500 MiB are its reserve
          8x9000 | 2000 | 500 | 1000/0          | 1x500  | yes
          8x9000 | 2000 | 500 | 1000/0          | 1x501  | 1000 MiB are promised to running VMs
          8x9000 | 1400 | 500 | 1000/600        | 1x500  | yes
          8x9000 | 1400 | 500 | 1000/600        | 1x501  | 400 MiB are promised to running VMs: 501 MiB more do not fit
          8x9000 | 1000 | 500 | 1000/1200       | 1x500  | yes
          8x9000 | 100  | 500 | none            | 1x1    | 1 MiB more do not fit
          """)
  void refusal(
      String offer, long hostMib, long reserveMib, String running, String need, String expected) {
    Admission admission = new Admission(resources(offer), reserveMib * MIB);
    List<Admission.Share> shares = new ArrayList<>();
    for (String one : running.equals("none") ? new String[0] : running.split(" ")) {
      String[] mib = one.split("/");
      shares.add(
          new Admission.Share(
              new Resources(1, Integer.parseInt(mib[0])), Long.parseLong(mib[1]) * MIB));
    }
    String refusal = admission.refusal(resources(need), shares, hostMib * MIB);
    if (expected.equals("yes")) {
      assertThat(refusal).isNull();
    } else {
      assertThat(refusal).contains(expected);
    }
  }

  @Test
  void simulatedGuestsAreBoundByTheOfferAlone() {
    Admission admission = new Admission(new Resources(4_096, 1 << 20), 1_024 * MIB);
    List<Admission.Share> running =
        Collections.nCopies(4_095, new Admission.Share(new Resources(1, 256), 0));
    MemoryProbe memory = new SimulatedMemory(new HostMemory());
    Resources need = new Resources(1, 256);
    assertThat(admission.refusal(need, running, memory.availableBytes())).isNull();
    assertThat(admission.refusal(new Resources(2, 256), running, memory.availableBytes()))
        .contains("the node offers");
  }

  private static Resources resources(String text) {
    String[] parts = text.split("x");
    return new Resources(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
  }
}
