package brume.cli;

import brume.client.ApiException;
import brume.client.api.InstancesApi;
import brume.client.model.Instance;
import brume.client.model.InstanceState;
import picocli.CommandLine.Command;

@Command(
    name = "stop",
    description = "Shut instances down; they can be started again.",
    mixinStandardHelpOptions = true)
final class StopCommand extends LifecycleCommand {
  StopCommand() {
    super(InstanceState.STOPPED);
  }

  @Override
  Instance send(InstancesApi api, String id, String idempotencyKey) throws ApiException {
    return api.stopInstance(id, idempotencyKey);
  }
}
