package brume.cli;

import brume.client.ApiException;
import brume.client.api.InstancesApi;
import brume.client.model.Instance;
import brume.client.model.InstanceState;
import picocli.CommandLine.Command;

@Command(
    name = "reboot",
    description = "Restart the guests of running instances.",
    mixinStandardHelpOptions = true)
final class RebootCommand extends LifecycleCommand {
  RebootCommand() {
    super(InstanceState.RUNNING);
  }

  @Override
  Instance send(InstancesApi api, String id, String idempotencyKey) throws ApiException {
    return api.rebootInstance(id, idempotencyKey);
  }
}
