package brume.compute.ec2.network;

import brume.compute.ec2.Ec2Call;
import brume.compute.network.DefaultNetwork;
import brume.compute.region.Region;
import org.springframework.stereotype.Component;

/// Makes an account's default network in the region of a call, before anything looks for it.
@Component
class Defaults {
  private final DefaultNetwork network;

  Defaults(DefaultNetwork network) {
    this.network = network;
  }

  void ensure(Ec2Call call) {
    if (!network.isMade(call.scope())) {
      network.ensure(call.scope(), call.region().zones().stream().map(Region.Zone::name).toList());
    }
  }
}
