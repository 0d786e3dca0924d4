package brume.compute.ec2.signature;

import brume.compute.access.Principal;
import brume.compute.region.Region;

/// Who signed a request, and for which region.
public record Signer(Principal principal, Region region) {}
