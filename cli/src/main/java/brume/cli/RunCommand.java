package brume.cli;

import brume.client.model.Instance;
import brume.client.model.InstanceState;
import brume.client.model.RunInstancesRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "run",
    description = "Launch instances.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class RunCommand implements Callable<Integer> {
  private static final int USER_DATA_BYTES_MAX = 16_384;

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before call()
  Brume brume;

  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      defaultValue = "debian-micro",
      description = "Name or id; ${DEFAULT-VALUE} by default. See 'brume images'.")
  String image = "";

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      defaultValue = "e1.micro",
      description = "Size; ${DEFAULT-VALUE} by default. See 'brume types'.")
  String type = "";

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many, 1 to 100.")
  int count;

  @Option(names = "--name", paramLabel = "NAME", description = "What to call it.")
  @Nullable String name;

  @Option(names = "--tag", paramLabel = "KEY=VALUE", description = "May be given more than once.")
  Map<String, String> tags = new LinkedHashMap<>();

  @Option(names = "--zone", paramLabel = "ZONE", description = "Only there.")
  @Nullable String zone;

  @Option(
      names = "--user-data",
      paramLabel = "TEXT|@FILE",
      description = "Given to the guest, which runs it when it begins with #!; @FILE reads a file.")
  @Nullable String userData;

  @Option(
      names = "--client-token",
      paramLabel = "KEY",
      description = "The same key asks for the same instances, however often it is sent.")
  @Nullable String clientToken;

  @Mixin WaitOptions waiting = new WaitOptions();

  @Override
  public Integer call() {
    RunInstancesRequest request = new RunInstancesRequest().image(image).type(type).count(count);
    if (name != null) {
      request.name(name);
    }
    if (!tags.isEmpty()) {
      request.tags(tags);
    }
    if (zone != null) {
      request.zone(zone);
    }
    if (userData != null) {
      request.userData(Base64.getEncoder().encodeToString(userDataBytes(userData)));
    }
    String key = clientToken == null ? brume.idempotencyKey() : clientToken;
    List<Instance> instances =
        brume
            .connection()
            .call(() -> brume.connection().instances().runInstances(request, key))
            .getInstances();
    if (waiting.wait) {
      instances = new Waiting(brume, waiting.atMost()).until(InstanceState.RUNNING, instances);
    }
    Instances.print(brume, instances);
    return 0;
  }

  private static byte[] userDataBytes(String given) {
    byte[] bytes;
    if (given.startsWith("@")) {
      try {
        bytes = Files.readAllBytes(Path.of(given.substring(1)));
      } catch (IOException e) {
        throw new CommandFailure(
            ExitCode.USAGE, "--user-data: the file " + given.substring(1) + " can not be read");
      }
    } else {
      bytes = given.getBytes(StandardCharsets.UTF_8);
    }
    if (bytes.length > USER_DATA_BYTES_MAX) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--user-data must have at most " + USER_DATA_BYTES_MAX + " bytes, not " + bytes.length);
    }
    return bytes;
  }
}
