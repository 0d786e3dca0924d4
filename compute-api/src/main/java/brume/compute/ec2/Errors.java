package brume.compute.ec2;

import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.WireName;
import brume.compute.ec2.wire.XmlAnswer;

/// The two forms in which AWS' services write errors.
enum Errors {
  EC2 {
    @Override
    byte[] body(Ec2Fault fault, String requestId) {
      ErrorList errors = new ErrorList(new Ec2Error(fault.code(), fault.text()));
      return XmlAnswer.document("Response", null, new Ec2Answer(errors, requestId));
    }
  },
  STS {
    @Override
    byte[] body(Ec2Fault fault, String requestId) {
      String type = fault.status() < 500 ? "Sender" : "Receiver";
      StsError error = new StsError(type, fault.code(), fault.text());
      return XmlAnswer.document(
          "ErrorResponse", StsDoor.NAMESPACE, new StsAnswer(error, requestId));
    }
  };

  abstract byte[] body(Ec2Fault fault, String requestId);

  private record Ec2Error(@WireName("Code") String code, @WireName("Message") String message) {}

  private record ErrorList(@WireName("Error") Ec2Error error) {}

  private record Ec2Answer(
      @WireName("Errors") ErrorList errors, @WireName("RequestID") String requestId) {}

  private record StsError(
      @WireName("Type") String type,
      @WireName("Code") String code,
      @WireName("Message") String message) {}

  private record StsAnswer(
      @WireName("Error") StsError error, @WireName("RequestId") String requestId) {}
}
