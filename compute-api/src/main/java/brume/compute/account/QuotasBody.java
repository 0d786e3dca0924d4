package brume.compute.account;

import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import org.jspecify.annotations.Nullable;

/// Quotas as they come in; null leaves one as it is.
record QuotasBody(
    @Nullable Integer instancesMax,
    @Nullable Integer vcpuMax,
    @Nullable Long memoryMibMax,
    @Nullable Integer volumesMax,
    @Nullable Integer addressesMax,
    @Nullable Integer requestsPerSecondMax) {
  static final QuotasBody NONE = new QuotasBody(null, null, null, null, null, null);

  private static final int COUNT_MAX = 10_000_000;
  private static final long MEMORY_MIB_MAX = 1L << 40;
  private static final int REQUESTS_PER_SECOND_MAX = 100_000;

  QuotasBody {
    count("instancesMax", instancesMax, 0, COUNT_MAX);
    count("vcpuMax", vcpuMax, 0, COUNT_MAX);
    count("volumesMax", volumesMax, 0, COUNT_MAX);
    count("addressesMax", addressesMax, 0, COUNT_MAX);
    count("requestsPerSecondMax", requestsPerSecondMax, 1, REQUESTS_PER_SECOND_MAX);
    if (memoryMibMax != null && (memoryMibMax < 0 || memoryMibMax > MEMORY_MIB_MAX)) {
      throw Refused.invalid(
          "quotas.memoryMibMax",
          "quotas.memoryMibMax must be 0 to " + MEMORY_MIB_MAX + ", not " + memoryMibMax);
    }
  }

  private static void count(String name, @Nullable Integer value, int least, int most) {
    if (value != null) {
      Fields.range("quotas." + name, value, least, most);
    }
  }

  Quotas over(Quotas old) {
    return new Quotas(
        instancesMax == null ? old.instancesMax() : instancesMax,
        vcpuMax == null ? old.vcpuMax() : vcpuMax,
        memoryMibMax == null ? old.memoryMibMax() : memoryMibMax,
        volumesMax == null ? old.volumesMax() : volumesMax,
        addressesMax == null ? old.addressesMax() : addressesMax,
        requestsPerSecondMax == null ? old.requestsPerSecondMax() : requestsPerSecondMax);
  }
}
