package brume.compute.ec2;

import brume.compute.access.Principal;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.Parameters;
import brume.compute.ec2.wire.Text;
import brume.compute.ec2.wire.WireName;
import brume.compute.ec2.wire.XmlAnswer;
import org.springframework.stereotype.Component;

/// The one action of AWS' Security Token Service that clients ask before anything else.
@Component
class StsDoor {
  static final String VERSION = "2011-06-15";
  static final String NAMESPACE = "https://sts.amazonaws.com/doc/" + VERSION + "/";
  private static final String ACTION = "GetCallerIdentity";

  record Identity(
      @WireName("Arn") String arn,
      @WireName("UserId") String userId,
      @WireName("Account") String account) {}

  record Metadata(@WireName("RequestId") String requestId) {}

  record Answer(
      @WireName("GetCallerIdentityResult") Identity identity,
      @WireName("ResponseMetadata") Metadata metadata) {}

  byte[] answer(Parameters parameters, Principal principal, String requestId) {
    String action = parameters.take("Action");
    if (!ACTION.equals(action)) {
      throw new Ec2Fault(
          "InvalidAction",
          "Could not find operation "
              + Text.shown(action == null ? "" : action)
              + ": there is "
              + ACTION);
    }
    String account = principal.accountId();
    Identity identity =
        new Identity(
            "arn:aws:iam::" + account + ":user/" + principal.id(), principal.id(), account);
    return XmlAnswer.document(
        ACTION + "Response", NAMESPACE, new Answer(identity, new Metadata(requestId)));
  }
}
