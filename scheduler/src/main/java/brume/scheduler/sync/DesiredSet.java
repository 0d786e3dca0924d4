package brume.scheduler.sync;

import brume.contract.sync.DesiredVm;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// All that should be true on one node, with its version: the SHA-256 of what can change while an
/// allocation lasts, in the set's order. The rest of a [DesiredVm] is fixed with its epoch.
/// [DesiredQueries] works out the same in SQL, so that waiting costs no transfer of the set.
record DesiredSet(String version, List<DesiredVm> vms) {
  /// Of a node that holds nothing.
  static final String EMPTY_VERSION = of(List.of()).version();

  /// @param vms by instance, then epoch
  static DesiredSet of(List<DesiredVm> vms) {
    StringBuilder text = new StringBuilder();
    for (DesiredVm vm : vms) {
      text.append(vm.instanceId()).append('/').append(vm.epoch());
      text.append('/').append(vm.generation()).append('/').append(vm.intent().name());
      text.append('/').append(vm.reboots()).append(';');
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] bytes = digest.digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return new DesiredSet(HexFormat.of().formatHex(bytes), List.copyOf(vms));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
