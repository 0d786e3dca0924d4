package brume.compute.ec2.signature;

import brume.compute.accesskey.AccessKeys;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.Text;
import brume.compute.region.Regions;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Finds who signed a request, or refuses it as EC2 does. An unknown key and a wrong signature get
/// the same answer after the same work, so that nobody learns which keys there are.
@Component
public class SignatureCheck {
  private static final String NO_SECRET = "no key has this secret, which only takes as long";

  /// Whose codes a refusal has.
  public enum Service {
    EC2("ec2"),
    STS("sts");

    private final String scope;

    Service(String scope) {
      this.scope = scope;
    }
  }

  private final AccessKeys keys;
  private final Regions regions;
  private final Clock clock;

  SignatureCheck(AccessKeys keys, Regions regions, Clock clock) {
    this.keys = keys;
    this.regions = regions;
    this.clock = clock;
  }

  public Signer signer(Service service, SignedRequest request, @Nullable String sessionToken) {
    SignatureV4.Claim claim;
    try {
      claim = SignatureV4.claim(request);
    } catch (SignatureV4.Malformed e) {
      throw new Ec2Fault(400, "IncompleteSignature", String.valueOf(e.getMessage()));
    }
    if (claim == null) {
      throw new Ec2Fault(
          403,
          "MissingAuthenticationToken",
          "The request must be signed with an access key (AWS Signature Version 4).");
    }
    if (!claim.isTimely(clock.instant())) {
      throw service == Service.EC2
          ? new Ec2Fault(
              400,
              "RequestExpired",
              "Request has expired. It was signed at " + claim.signedAt() + ".")
          : new Ec2Fault(
              403,
              "SignatureDoesNotMatch",
              "Signature expired: it was made at " + claim.signedAt());
    }
    if (!claim.service().equals(service.scope)) {
      throw invalid(
          service, "Credential should be scoped to correct service: '" + service.scope + "'.");
    }
    var region = regions.find(claim.region());
    if (region.isEmpty()) {
      throw invalid(
          service,
          "Credential should be scoped to a valid region, not '"
              + Text.shown(claim.region())
              + "': there are "
              + String.join(", ", regions.all().stream().map(known -> known.name()).toList())
              + ".");
    }
    var key = keys.find(claim.accessKeyId());
    String secret = key.map(AccessKeys.Found::secret).orElse(NO_SECRET);
    boolean signed = SignatureV4.isSignedWith(secret, claim, request);
    // A session token would be one of AWS' own: there are none here.
    if (key.isEmpty() || sessionToken != null) {
      throw service == Service.EC2
          ? invalid(service, "")
          : new Ec2Fault(
              403,
              "InvalidClientTokenId",
              "The security token included in the request is invalid.");
    }
    if (!signed) {
      throw invalid(service, "");
    }
    return new Signer(key.get().principal(), region.get());
  }

  private static Ec2Fault invalid(Service service, String why) {
    return service == Service.EC2
        ? new Ec2Fault(
            401,
            "AuthFailure",
            "AWS was not able to validate the provided access credentials"
                + (why.isEmpty() ? "" : ": " + why))
        : new Ec2Fault(
            403,
            "SignatureDoesNotMatch",
            why.isEmpty()
                ? "The request signature we calculated does not match the signature you provided."
                : why);
  }
}
