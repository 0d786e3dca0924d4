package brume.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Terraform and Ansible themselves, against a started cloud: what they made is there as they
/// wanted it when they look again, and goes away. What is not installed is skipped by name.
final class ProvisionersE2eTest {
  private static final int MINUTES_MAX = 5;

  /// A folder as `terraform init -plugin-dir` takes it, with the provider hashicorp/aws: a test
  /// fetches nothing.
  private static final String PLUGINS = "BRUME_TERRAFORM_PLUGINS";

  @TempDir static Path folder;
  private static Cloud cloud;
  private static String image;

  @BeforeAll
  static void start() throws Exception {
    Map<String, String> hasty =
        Map.of(
            "brume.node.stop-grace", "500ms",
            "brume.node.vcpu", "100",
            "brume.node.memory-mib", "100000");
    cloud = Cloud.on(new CloudOptions(folder.resolve("data"), 0, 1, null, hasty)).start();
    image = TinyGuest.register(cloud, "tiny", TinyGuest.source(folder.resolve("tiny-image")));
  }

  @AfterAll
  static void stop() {
    cloud.close();
  }

  private record Ended(int exitCode, String output) {}

  @Test
  void terraformMakesWhatItPlannedAndTakesItAway() throws Exception {
    String plugins = System.getenv(PLUGINS);
    assumeTrue(plugins != null, "no folder with Terraform's AWS provider is in " + PLUGINS);
    assumeTrue(run("terraform", "version").exitCode() == 0, "no terraform is installed");
    copy("main.tf");
    well("terraform", "init", "-input=false", "-no-color", "-plugin-dir=" + plugins);
    well("terraform", "apply", "-input=false", "-no-color", "-auto-approve");
    Ended again = run("terraform", "plan", "-input=false", "-no-color", "-detailed-exitcode");
    assertThat(again.exitCode()).as("nothing is left to change: " + again.output()).isZero();
    assertThat(well("terraform", "destroy", "-input=false", "-no-color", "-auto-approve"))
        .containsPattern("Resources: [1-9][0-9]* destroyed");
  }

  @Test
  void ansiblePlaysAWholeLife() throws Exception {
    assumeTrue(
        run("ansible-doc", "-t", "module", "amazon.aws.ec2_instance").exitCode() == 0,
        "no Ansible with the collection amazon.aws is installed");
    assumeTrue(
        run(
                    "ansible",
                    "localhost",
                    "-m",
                    "command",
                    "-a",
                    "{{ ansible_playbook_python }} -c 'import boto3'")
                .exitCode()
            == 0,
        "Ansible's python has no boto3");
    assertThat(well("ansible-playbook", copy("playbook.yml").toString())).contains("failed=0");
  }

  private static String well(String... command) throws Exception {
    Ended ended = run(command);
    assertThat(ended.exitCode()).as(ended.output()).isZero();
    return ended.output();
  }

  private static Path copy(String name) throws IOException {
    Path to = folder.resolve(name);
    try (InputStream in = ProvisionersE2eTest.class.getResourceAsStream("provision/" + name)) {
      Files.copy(Objects.requireNonNull(in), to);
    }
    return to;
  }

  private static Ended run(String... command) throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment());
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      boolean ended = process.waitFor(MINUTES_MAX, TimeUnit.MINUTES);
      if (!ended) {
        process.destroy();
      }
      assertThat(ended).as(List.of(command) + " ended: " + Files.readString(output)).isTrue();
      return new Ended(process.exitValue(), Files.readString(output));
    } catch (IOException e) {
      return new Ended(-1, String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, String> environment() throws IOException {
    Path settings = folder.resolve("terraform.rc");
    if (!Files.exists(settings)) {
      Files.writeString(settings, "disable_checkpoint = true\n");
    }
    Map<String, String> all = new HashMap<>();
    all.put("AWS_ACCESS_KEY_ID", cloud.accessKeyId());
    all.put("AWS_SECRET_ACCESS_KEY", cloud.secretAccessKey());
    all.put("AWS_DEFAULT_REGION", "us-east-1");
    all.put("AWS_CONFIG_FILE", "/dev/null");
    all.put("AWS_URL", cloud.url() + "/ec2");
    all.put("AWS_ENDPOINT_URL_STS", cloud.url() + "/sts");
    all.put("IMAGE", image);
    all.put("HOME", folder.toString());
    all.put("ANSIBLE_NOCOLOR", "1");
    all.put("ANSIBLE_LOCALHOST_WARNING", "False");
    all.put("TF_CLI_CONFIG_FILE", settings.toString());
    all.put("TF_VAR_endpoint", cloud.url());
    all.put("TF_VAR_image", image);
    return all;
  }
}
