package brume.cli;

import brume.client.ApiException;
import brume.client.api.InstancesApi;
import brume.client.model.Instance;
import brume.client.model.InstanceState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// The shape of stop, start, reboot and terminate: send instances somewhere, and wait if asked to.
abstract sealed class LifecycleCommand implements Callable<Integer>
    permits StopCommand, StartCommand, RebootCommand, TerminateCommand {
  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before call()
  Brume brume;

  @Parameters(paramLabel = "INSTANCE", arity = "1..*", description = "Ids or names.")
  List<String> instances = new ArrayList<>();

  @Mixin WaitOptions waiting = new WaitOptions();

  private final InstanceState goal;

  LifecycleCommand(InstanceState goal) {
    this.goal = goal;
  }

  abstract Instance send(InstancesApi api, String id, String idempotencyKey) throws ApiException;

  @Override
  public Integer call() {
    List<String> ids = instances.stream().map(named -> Instances.id(brume, named)).toList();
    List<Instance> changed = new ArrayList<>();
    for (String id : ids) {
      String key = brume.idempotencyKey(); // one for all attempts of this one call
      InstancesApi api = brume.connection().instances();
      changed.add(brume.connection().call(() -> send(api, id, key)));
    }
    if (waiting.wait) {
      changed = new Waiting(brume, waiting.atMost()).until(goal, changed);
    }
    Instances.print(brume, changed);
    return 0;
  }
}
