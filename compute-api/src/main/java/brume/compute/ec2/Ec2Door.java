package brume.compute.ec2;

import brume.compute.access.Caller;
import brume.compute.access.Gate;
import brume.compute.audit.AuditTrail;
import brume.compute.ec2.signature.Signer;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.Parameters;
import brume.compute.ec2.wire.Text;
import brume.compute.ec2.wire.XmlAnswer;
import brume.compute.idempotency.IdempotencyStore;
import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Runs actions. One that changes something is one transaction, so that it happens as a whole or
/// not at all; a dry run is the same transaction, taken back at its end.
@Component
class Ec2Door {
  static final String VERSION = "2016-11-15";
  private static final int DRY_RUN_STATUS = 412;

  private static final String NAMESPACE = "http://ec2.amazonaws.com/doc/" + VERSION + "/";

  private final Operations operations;
  private final Gate gate;
  private final AuditTrail audit;
  private final IdempotencyStore requests;
  private final Bounds bounds;
  private final TransactionTemplate transactions;
  private final Together together;

  Ec2Door(
      Operations operations,
      Gate gate,
      AuditTrail audit,
      IdempotencyStore requests,
      Bounds bounds,
      PlatformTransactionManager transactions,
      Together together) {
    this.operations = operations;
    this.gate = gate;
    this.audit = audit;
    this.requests = requests;
    this.bounds = bounds;
    this.transactions = new TransactionTemplate(transactions);
    this.together = together;
  }

  private record Answer(String requestId, XmlAnswer.Inline content) {}

  byte[] answer(Parameters parameters, Signer signer, String requestId, String from) {
    Operation operation = operation(parameters);
    boolean dryRun = dryRun(parameters.take("DryRun"));
    Caller caller = new Caller(signer.principal(), requestId, null, null, null, from);
    Ec2Call call = new Ec2Call(operation.name(), caller, signer.region());
    Record content;
    try {
      gate.pass(signer.principal(), operation.action());
      content = run(operation, call, operation.read(parameters), dryRun);
    } catch (Refused refused) {
      audit.refused(caller, operation.action(), refused.refusal());
      throw refused;
    } catch (Ec2Fault fault) {
      if (fault.status() != DRY_RUN_STATUS) {
        audit.refused(
            caller, operation.action(), new Refusal.Invalid(fault.code(), null, fault.text()));
      }
      throw fault;
    }
    return XmlAnswer.document(
        operation.name() + "Response",
        NAMESPACE,
        new Answer(requestId, new XmlAnswer.Inline(content)));
  }

  private Operation operation(Parameters parameters) {
    String version = parameters.take("Version");
    String action = parameters.take("Action");
    if (action == null || action.isEmpty()) {
      throw new Ec2Fault("MissingAction", "The request must contain the parameter Action");
    }
    if (version == null || version.isEmpty()) {
      throw Ec2Fault.missing("Version");
    }
    if (!version.equals(VERSION)) {
      throw new Ec2Fault(
          "NoSuchVersion",
          "The version " + Text.shown(version) + " is not available: this endpoint has " + VERSION);
    }
    return operations
        .find(action)
        .orElseThrow(() ->
            new Ec2Fault(
                "InvalidAction",
                "The action " + Text.shown(action) + " is not valid for this web service."));
  }

  private static boolean dryRun(@org.jspecify.annotations.Nullable String text) {
    return switch (text == null ? "" : text) {
      case "true", "True" -> true;
      case "", "false", "False" -> false;
      default ->
          throw Ec2Fault.value("DryRun", String.valueOf(text), "Parameter must be true or false.");
    };
  }

  private Record run(Operation operation, Ec2Call call, Record request, boolean dryRun) {
    if (operation.onlyLooks()) {
      Record answer = operation.call(call, request);
      if (dryRun) {
        throw wouldHaveSucceeded();
      }
      return answer;
    }
    if (together.takes(operation) && !dryRun) {
      return together.run(call, request);
    }
    Record answer =
        transactions.execute(status -> {
          if (dryRun) {
            bounds.require(operation, call, request);
            once(operation, call, request);
            status.setRollbackOnly();
            return null;
          }
          return change(operation, call, request);
        });
    if (answer == null) {
      throw wouldHaveSucceeded();
    }
    return answer;
  }

  private Record change(Operation operation, Ec2Call call, Record request) {
    bounds.require(operation, call, request);
    Record changed = once(operation, call, request);
    audit.doneUnlessSaid(call.caller(), operation.action());
    return changed;
  }

  private Record once(Operation operation, Ec2Call call, Record request) {
    String token = operation.token(request);
    if (token == null || token.isEmpty()) {
      return operation.call(call, request);
    }
    return requests.once(
        call.withToken(token),
        operation.name(),
        request,
        operation.answer().asSubclass(Record.class),
        () -> operation.call(call, request));
  }

  private static Ec2Fault wouldHaveSucceeded() {
    return new Ec2Fault(
        DRY_RUN_STATUS, "DryRunOperation", "Request would have succeeded, but DryRun flag is set.");
  }
}
