package brume.node.hypervisor;

import brume.contract.Checks;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a guest is made from. Its limits are checked here, whoever asked for it.
///
/// @param epoch with the instance's id it names this guest and no other one, before or after
/// @param baselinePercent the guaranteed share of a processor, in percent of one, for all vCPUs
/// @param imageSource where boot content comes from, such as `builtin:debian-micro`
/// @param userDataBase64 given to the guest as it is, here in base64; null where there is none
public record GuestSpec(
    String instanceId,
    long epoch,
    int vcpu,
    int memoryMib,
    int baselinePercent,
    String imageSource,
    String hostname,
    @Nullable String userDataBase64) {
  public static final Pattern INSTANCE_ID = Pattern.compile("i-[0-9a-f]{17}");
  public static final int VCPU_MAX = 8;
  public static final int MEMORY_MIB_MAX = 1 << 20;
  public static final int USER_DATA_BYTES_MAX = 16 << 10;

  private static final Pattern HOSTNAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

  public GuestSpec {
    Checks.pattern("instanceId", instanceId, INSTANCE_ID);
    Checks.range("vcpu", vcpu, 1, VCPU_MAX);
    Checks.range("memoryMib", memoryMib, 1, MEMORY_MIB_MAX);
    Checks.range("baselinePercent", baselinePercent, 1, 100 * VCPU_MAX);
    Checks.length("imageSource", imageSource, 1, 1000);
    Checks.pattern("hostname", hostname, HOSTNAME);
    Checks.range("bytes of userData", bytes(userDataBase64), 0, USER_DATA_BYTES_MAX);
  }

  private static int bytes(@Nullable String base64) {
    return base64 == null ? 0 : Base64.getDecoder().decode(base64).length;
  }
}
