package brume.compute.account;

import brume.compute.ComputeApiSettings;
import org.springframework.stereotype.Component;

/// What a new account may hold, unless its maker says otherwise.
@Component
class UsualQuotas {
  private final Quotas quotas;

  UsualQuotas(ComputeApiSettings settings) {
    ComputeApiSettings.Quota usual = settings.quota();
    this.quotas =
        new Quotas(
            usual.instancesMax(),
            usual.vcpuMax(),
            usual.memoryMibMax(),
            usual.volumesMax(),
            usual.addressesMax(),
            usual.requestsPerSecondMax());
  }

  Quotas quotas() {
    return quotas;
  }
}
