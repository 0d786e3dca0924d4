package brume.compute.ec2;

import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.Text;
import brume.compute.refusal.Refusal;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/// What each refusal is called at this door. A code that is not in the table is EC2's own in
/// another spelling: `dependency_violation` is `DependencyViolation`.
final class Ec2Codes {
  private static final Map<String, String> CODES =
      """
      instance_not_found          InvalidInstanceID.NotFound
      incorrect_state             IncorrectInstanceState
      unknown_image               InvalidAMIID.NotFound
      image_needs_memory          InvalidParameterCombination
      unknown_instance_type       InvalidInstanceType
      quota_exceeded              InstanceLimitExceeded
      invalid_value               InvalidParameterValue
      missing_field               MissingParameter
      key_pair_not_found          InvalidKeyPair.NotFound
      key_pair_duplicate          InvalidKeyPair.Duplicate
      key_format                  InvalidKey.Format
      node_unavailable            Unavailable
      """
          .lines()
          .map(line -> line.split(" +"))
          .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));

  private Ec2Codes() {}

  static Ec2Fault fault(Refusal refusal) {
    String code = CODES.getOrDefault(refusal.code(), respelled(refusal.code()));
    return switch (refusal) {
      case Refusal.Unauthenticated gone -> new Ec2Fault(401, "AuthFailure", gone.detail());
      case Refusal.Forbidden forbidden ->
          new Ec2Fault(403, "UnauthorizedOperation", forbidden.detail());
      case Refusal.Busy busy -> new Ec2Fault(503, "RequestLimitExceeded", busy.detail());
      case Refusal.Unavailable away -> new Ec2Fault(503, "Unavailable", away.detail());
      case Refusal.Unfit unfit ->
          unfit.form() == Refusal.Form.KEY_REUSED
              ? new Ec2Fault("IdempotentParameterMismatch", unfit.detail())
              : new Ec2Fault(413, "RequestEntityTooLarge", unfit.detail());
      case Refusal.Malformed malformed -> new Ec2Fault("InvalidRequest", malformed.detail());
      case Refusal.Invalid invalid -> new Ec2Fault(code, invalid.detail());
      case Refusal.NotFound missing -> new Ec2Fault(code, missing.detail());
      case Refusal.Conflict conflict -> new Ec2Fault(code, conflict.detail());
    };
  }

  private static String respelled(String code) {
    return Arrays.stream(code.split("_")).map(Text::capitalized).collect(Collectors.joining());
  }
}
