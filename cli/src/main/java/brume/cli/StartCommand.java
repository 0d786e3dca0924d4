package brume.cli;

import brume.client.ApiException;
import brume.client.api.InstancesApi;
import brume.client.model.Instance;
import brume.client.model.InstanceState;
import picocli.CommandLine.Command;

@Command(
    name = "start",
    description = "Start stopped instances again.",
    mixinStandardHelpOptions = true)
final class StartCommand extends LifecycleCommand {
  StartCommand() {
    super(InstanceState.RUNNING);
  }

  @Override
  Instance send(InstancesApi api, String id, String idempotencyKey) throws ApiException {
    return api.startInstance(id, idempotencyKey);
  }
}
