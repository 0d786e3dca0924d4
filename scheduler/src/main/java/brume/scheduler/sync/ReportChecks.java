package brume.scheduler.sync;

import brume.contract.Checks;
import brume.contract.Resources;
import brume.contract.sync.SyncRequest;
import brume.contract.sync.VmCounters;
import brume.contract.sync.VmEvent;
import brume.contract.sync.VmReport;
import brume.scheduler.web.Problem;
import brume.scheduler.web.ProblemException;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a report must be before anything of it is looked at: every field within its limits. JSON
/// may leave out what our types call present, so absence is checked too. Limits that a node may
/// break in good faith (a long reason, a long console) are cut later instead of refused here: a
/// refused event would be sent again for ever.
final class ReportChecks {
  private static final Pattern BOOT_ID = Pattern.compile("[0-9A-Za-z-]{1,64}");
  private static final Pattern INSTANCE_ID = Pattern.compile("i-[0-9a-f]{17}");
  private static final Pattern ADDRESS = Pattern.compile("https?://[^/?#@\\s\\p{Cntrl}]{1,200}");
  private static final Pattern ACCESS_TOKEN = Pattern.compile("[!-~]{0,200}");
  private static final int VCPU_MAX = 4_096;
  private static final int MEMORY_MIB_MAX = 16 << 20;
  private static final int VERSION_LENGTH_MAX = 128;

  private ReportChecks() {}

  static void check(SyncRequest report) {
    pattern("bootId", report.bootId(), BOOT_ID);
    pattern("address", report.address(), ADDRESS);
    pattern("accessToken", report.accessToken(), ACCESS_TOKEN);
    checkCapacity(report.capacity());
    range("vms", report.vms().size(), 0, SyncRequest.VMS_MAX);
    range("events", report.events().size(), 0, SyncRequest.EVENTS_MAX);
    range("waitMillis", report.waitMillis(), 0, SyncRequest.WAIT_MILLIS_MAX);
    if (report.knownVersion() != null && report.knownVersion().length() > VERSION_LENGTH_MAX) {
      throw refusal("knownVersion", "knownVersion must be a version that was answered before");
    }
    Set<String> named = new HashSet<>();
    for (int index = 0; index < report.vms().size(); index++) {
      VmReport vm = report.vms().get(index);
      String field = "vms[" + index + "]";
      check(field, vm);
      if (!named.add(vm.instanceId() + '/' + vm.epoch())) {
        throw refusal(field, field + " names the same VM as an earlier one: name each VM once");
      }
    }
    for (int index = 0; index < report.events().size(); index++) {
      check("events[" + index + "]", report.events().get(index), report);
      long expected = report.events().getFirst().sequence() + index;
      range(
          "events[" + index + "].sequence",
          report.events().get(index).sequence(),
          expected,
          expected);
    }
  }

  /// Also of a node that joins; the other limits of a registration are checked by its own type.
  static void checkCapacity(@Nullable Resources capacity) {
    Resources offered = present("capacity", capacity);
    range("capacity.vcpu", offered.vcpu(), 0, VCPU_MAX);
    range("capacity.memoryMib", offered.memoryMib(), 0, MEMORY_MIB_MAX);
  }

  private static void check(String field, VmReport vm) {
    pattern(field + ".instanceId", vm.instanceId(), INSTANCE_ID);
    range(field + ".epoch", vm.epoch(), 1, Long.MAX_VALUE);
    range(field + ".generation", vm.generation(), 1, Long.MAX_VALUE);
    range(field + ".reboots", vm.reboots(), 0, Long.MAX_VALUE);
    present(field + ".state", vm.state());
    check(field + ".counters.", present(field + ".counters", vm.counters()));
  }

  private static void check(String prefix, VmCounters counters) {
    range(prefix + "instructions", counters.instructions(), 0, Long.MAX_VALUE);
    range(prefix + "cpuNanos", counters.cpuNanos(), 0, Long.MAX_VALUE);
    range(prefix + "memoryTouchedBytes", counters.memoryTouchedBytes(), 0, Long.MAX_VALUE);
    range(prefix + "diskReadBytes", counters.diskReadBytes(), 0, Long.MAX_VALUE);
    range(prefix + "diskWrittenBytes", counters.diskWrittenBytes(), 0, Long.MAX_VALUE);
    range(prefix + "networkReceivedBytes", counters.networkReceivedBytes(), 0, Long.MAX_VALUE);
    range(prefix + "networkSentBytes", counters.networkSentBytes(), 0, Long.MAX_VALUE);
    range(prefix + "guestResets", counters.guestResets(), 0, Long.MAX_VALUE);
  }

  private static void check(String field, VmEvent event, SyncRequest report) {
    range(field + ".sequence", event.sequence(), 1, Long.MAX_VALUE - SyncRequest.EVENTS_MAX);
    pattern(field + ".instanceId", event.instanceId(), INSTANCE_ID);
    range(field + ".epoch", event.epoch(), 1, Long.MAX_VALUE);
    range(field + ".generation", event.generation(), 1, Long.MAX_VALUE);
    present(field + ".state", event.state());
    if (event.state().isEnd() != (event.cause() != null)) {
      String name = field + ".cause";
      throw refusal(
          name,
          event.cause() == null
              ? name + " must be set when the state is " + event.state()
              : name + " must be left out when the state is " + event.state());
    }
    long age = report.monotonicNanos() - event.monotonicNanos();
    boolean overflows =
        ((report.monotonicNanos() ^ event.monotonicNanos()) & (report.monotonicNanos() ^ age)) < 0;
    if (overflows || age < 0) {
      String name = field + ".monotonicNanos";
      throw refusal(
          name,
          name
              + " must not be after the report's own, "
              + report.monotonicNanos()
              + ", on the same clock; it is "
              + event.monotonicNanos());
    }
    checkConsole(field + ".consoleBase64", event.consoleBase64());
    if (event.counters() != null) {
      check(field + ".counters.", event.counters());
    }
  }

  private static void checkConsole(String field, @Nullable String base64) {
    if (base64 != null) {
      try {
        Base64.getDecoder().decode(base64);
      } catch (IllegalArgumentException e) {
        throw refusal(field, field + " must be base64 (RFC 4648 section 4) without line breaks");
      }
    }
  }

  private static <T> T present(String field, @Nullable T value) {
    if (value == null) {
      throw refusal(field, field + " must be set");
    }
    return value;
  }

  private static void pattern(String field, @Nullable String value, Pattern pattern) {
    try {
      Checks.pattern(field, present(field, value), pattern);
    } catch (IllegalArgumentException e) {
      throw refusal(field, String.valueOf(e.getMessage()));
    }
  }

  private static void range(String field, long value, long least, long most) {
    try {
      Checks.range(field, value, least, most);
    } catch (IllegalArgumentException e) {
      throw refusal(field, String.valueOf(e.getMessage()));
    }
  }

  private static ProblemException refusal(String field, String detail) {
    return new ProblemException(Problem.invalid(field, detail));
  }
}
