package brume.scheduler.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.contract.sync.SyncRequest;
import brume.scheduler.web.Problem;
import brume.scheduler.web.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/// What a hostile or broken node may write into a report, as JSON, and the field that is named.
class ReportChecksTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String GOOD =
      """
      {"bootId": "b1", "monotonicNanos": 1000, "capacity": {"vcpu": 4, "memoryMib": 4096},
       "address": "http://127.0.0.1:9100", "accessToken": "t", "knownVersion": null,
       "waitMillis": 0,
       "vms": [{"instanceId": "i-0123456789abcdef0", "epoch": 1, "generation": 1, "reboots": 0,
                "state": "RUNNING",
                "counters": {"instructions": 0, "cpuNanos": 0, "memoryTouchedBytes": 0,
                             "diskReadBytes": 0, "diskWrittenBytes": 0, "networkReceivedBytes": 0,
                             "networkSentBytes": 0, "guestResets": 0}}],
       "events": [{"sequence": 1, "instanceId": "i-0123456789abcdef0", "epoch": 1,
                   "generation": 1, "state": "GONE", "monotonicNanos": 900,
                   "cause": "REQUESTED", "reason": null, "consoleBase64": "AAAA",
                   "counters": {"instructions": 5, "cpuNanos": 6, "memoryTouchedBytes": 7,
                                "diskReadBytes": 8, "diskWrittenBytes": 9,
                                "networkReceivedBytes": 10, "networkSentBytes": 11,
                                "guestResets": 12}}]}
      """;

  @Test
  void aGoodReportPasses() {
    ReportChecks.check(JSON.readValue(GOOD, SyncRequest.class));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          "bootId": "b1"          | "bootId": null                  | bootId
          "bootId": "b1"          | "bootId": "b1; DROP TABLE"      | bootId
          "vcpu": 4               | "vcpu": 1000000                 | capacity.vcpu
          "memoryMib": 4096       | "memoryMib": 2000000000         | capacity.memoryMib
          "address": "http:       | "address": "gopher:             | address
          http://127.0.0.1:9100   | http://user@127.0.0.1           | address
          "accessToken": "t"      | "accessToken": "a\\u0000b"      | accessToken
          "waitMillis": 0         | "waitMillis": 99999999          | waitMillis
          "waitMillis": 0         | "waitMillis": -1                | waitMillis
          "epoch": 1, "generation": 1, "reboots" | "epoch": 0, "generation": 1, "reboots" | vms[0].epoch
          "reboots": 0            | "reboots": -9223372036854775808 | vms[0].reboots
          "state": "RUNNING"      | "state": null                   | vms[0].state
          "cpuNanos": 0           | "cpuNanos": -1                  | vms[0].counters.cpuNanos
          "guestResets": 0        | "guestResets": -1               | vms[0].counters.guestResets
          "cpuNanos": 6           | "cpuNanos": -6                  | events[0].counters.cpuNanos
          "guestResets": 12       | "guestResets": -12              | events[0].counters.guestResets
          "sequence": 1           | "sequence": 0                   | events[0].sequence
          "sequence": 1           | "sequence": 9223372036854775807 | events[0].sequence
          "monotonicNanos": 900   | "monotonicNanos": 1001          | events[0].monotonicNanos
          "monotonicNanos": 900   | "monotonicNanos": -9223372036854775808 | events[0].monotonicNanos
          "cause": "REQUESTED"    | "cause": null                   | events[0].cause
          "state": "GONE"         | "state": "RUNNING"              | events[0].cause
          "AAAA"                  | "not base64!"                   | events[0].consoleBase64
          """)
  void namesTheField(String good, String bad, String field) {
    assertThat(GOOD).contains(good);
    SyncRequest report = JSON.readValue(GOOD.replace(good, bad), SyncRequest.class);
    assertThatThrownBy(() -> ReportChecks.check(report))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refusal -> {
              Problem problem = refusal.problem();
              assertThat(problem.status()).isEqualTo(400);
              assertThat(problem.field()).isEqualTo(field);
              assertThat(problem.detail()).contains(field);
            });
  }

  @Test
  void aVmIsNamedOnce() {
    String vm = GOOD.substring(GOOD.indexOf("[{") + 1, GOOD.indexOf("}}]") + 2);
    SyncRequest report = JSON.readValue(GOOD.replace(vm, vm + "," + vm), SyncRequest.class);
    assertThatThrownBy(() -> ReportChecks.check(report)).hasMessageContaining("vms[1]");
  }
}
