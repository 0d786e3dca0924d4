package brume.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The AWS command line against the door, given nothing but its address. Skipped where no `aws` is
/// installed.
@ExtendWith(SharedCloud.class)
final class Ec2CommandLineDbTest {
  @Test
  void theCommandLineLaunchesAndFinds() throws IOException, InterruptedException {
    assumeTrue(isInstalled(), "no aws command is installed");
    String id =
        aws(
            "ec2",
            "run-instances",
            "--image-id",
            "ami-00000000000000001",
            "--instance-type",
            "e1.nano",
            "--tag-specifications",
            "ResourceType=instance,Tags=[{Key=by,Value=cli}]",
            "--query",
            "Instances[0].InstanceId");
    assertThat(id).matches("i-[0-9a-f]{17}");
    assertThat(
            aws(
                "ec2",
                "describe-instances",
                "--filters",
                "Name=tag:by,Values=c?i",
                "Name=instance-state-name,Values=pending",
                "--query",
                "Reservations[].Instances[].InstanceId"))
        .isEqualTo(id);
    assertThat(aws("sts", "get-caller-identity", "--query", "Account"))
        .isEqualTo(TestCloud.ACCOUNT);
    assertThat(aws("ec2", "terminate-instances", "--instance-ids", "i-12345678"))
        .contains("InvalidInstanceID.NotFound");
  }

  private static boolean isInstalled() {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
      if (Files.isExecutable(Path.of(folder, "aws"))) {
        return true;
      }
    }
    return false;
  }

  private static String aws(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("aws"));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--output", "text", "--region", Ec2Clients.REGION));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("AWS_ENDPOINT_URL", SharedCloud.get().url + "/ec2");
    builder.environment().put("AWS_ACCESS_KEY_ID", TestCloud.ACCESS_KEY);
    builder.environment().put("AWS_SECRET_ACCESS_KEY", TestCloud.ACCESS_KEY_SECRET);
    builder.environment().put("AWS_CONFIG_FILE", "/dev/null");
    builder.environment().put("AWS_PAGER", "");
    Process process = builder.start();
    process.getOutputStream().close();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("aws ended").isTrue();
    return output;
  }
}
