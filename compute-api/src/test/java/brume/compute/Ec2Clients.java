package brume.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.sts.StsClient;
import tools.jackson.databind.JsonNode;

/// AWS' own client for Java against a [TestCloud], as several people.
final class Ec2Clients {
  static final String REGION = "us-east-1";

  private final TestCloud cloud;
  private final Map<String, AwsBasicCredentials> keys = new HashMap<>();

  Ec2Clients(TestCloud cloud) {
    this.cloud = cloud;
    keys.put(
        TestCloud.OWNER,
        AwsBasicCredentials.create(TestCloud.ACCESS_KEY, TestCloud.ACCESS_KEY_SECRET));
  }

  /// A client of the first account's owner.
  Ec2Client owner() {
    return ec2(credentials(TestCloud.OWNER, "owner"), REGION);
  }

  Ec2Client owner(String region) {
    return ec2(credentials(TestCloud.OWNER, "owner"), region);
  }

  Ec2Client reader() {
    return ec2(credentials(TestCloud.OWNER + " reader", "reader"), REGION);
  }

  /// A client of another account's owner.
  Ec2Client stranger() {
    return ec2(credentials(TestCloud.STRANGER, "owner"), REGION);
  }

  /// A client of the owner of an account that nobody else uses.
  Ec2Client newAccount(String name) {
    JsonNode made = cloud.post("/v1/accounts", "{\"name\":\"" + name + "\"}").json();
    return ec2(credentials(made.path("ownerToken").path("token").asString(), "owner"), REGION);
  }

  static Filter filter(String name, String... values) {
    return Filter.builder().name(name).values(values).build();
  }

  AwsBasicCredentials credentials(String who, String role) {
    return keys.computeIfAbsent(
        who,
        ignored -> {
          TestCloud.Answer made =
              cloud.send(
                  "POST",
                  "/v1/access-keys",
                  who.split(" ")[0],
                  Map.of("Content-Type", "application/json"),
                  "{\"label\":\"test\",\"role\":\"" + role + "\"}");
          assertThat(made.status()).as(made.body()).isEqualTo(201);
          JsonNode key = made.json();
          return AwsBasicCredentials.create(
              key.path("id").asString(), key.path("secret").asString());
        });
  }

  Ec2Client ec2(AwsBasicCredentials credentials, String region) {
    return Ec2Client.builder()
        .endpointOverride(URI.create(cloud.url + "/ec2"))
        .region(Region.of(region))
        .credentialsProvider(StaticCredentialsProvider.create(credentials))
        .httpClient(Apache5HttpClient.create())
        .overrideConfiguration(
            configuration -> configuration.retryStrategy(retry -> retry.maxAttempts(1)))
        .build();
  }

  StsClient sts(AwsBasicCredentials credentials, String path) {
    return StsClient.builder()
        .endpointOverride(URI.create(cloud.url + path))
        .region(Region.of(REGION))
        .credentialsProvider(StaticCredentialsProvider.create(credentials))
        .httpClient(Apache5HttpClient.create())
        .overrideConfiguration(
            configuration -> configuration.retryStrategy(retry -> retry.maxAttempts(1)))
        .build();
  }

  /// The code of the refusal that a call must get.
  static String refused(ThrowingCallable call) {
    Ec2Exception refusal = catchThrowableOfType(Ec2Exception.class, call);
    assertThat(refusal).as("a refusal").isNotNull();
    assertThat(refusal.requestId()).isNotEmpty();
    return refusal.awsErrorDetails().errorCode();
  }

  /// Code and message of the refusal that a call must get.
  static String refusal(ThrowingCallable call) {
    Ec2Exception refusal = catchThrowableOfType(Ec2Exception.class, call);
    assertThat(refusal).as("a refusal").isNotNull();
    return refusal.awsErrorDetails().errorCode() + ": " + refusal.awsErrorDetails().errorMessage();
  }
}
