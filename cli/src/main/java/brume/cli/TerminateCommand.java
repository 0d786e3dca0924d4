package brume.cli;

import brume.client.ApiException;
import brume.client.api.InstancesApi;
import brume.client.model.Instance;
import brume.client.model.InstanceState;
import picocli.CommandLine.Command;

@Command(
    name = "terminate",
    description = "End instances for good.",
    mixinStandardHelpOptions = true)
final class TerminateCommand extends LifecycleCommand {
  TerminateCommand() {
    super(InstanceState.TERMINATED);
  }

  @Override
  Instance send(InstancesApi api, String id, String idempotencyKey) throws ApiException {
    return api.terminateInstance(id, idempotencyKey);
  }
}
