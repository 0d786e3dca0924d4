package brume.compute;

import static brume.compute.Ec2Clients.refusal;
import static brume.compute.Ec2Clients.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.KeyType;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.StsException;

/// Signatures, versions, parameters and errors of the EC2 door, by AWS' own client and by hand.
@ExtendWith(SharedCloud.class)
final class Ec2ProtocolDbTest {
  private static final AwsBasicCredentials OWNER =
      AwsBasicCredentials.create(TestCloud.ACCESS_KEY, TestCloud.ACCESS_KEY_SECRET);
  private static TestCloud cloud;
  private static Ec2Clients clients;

  @BeforeAll
  static void start() {
    cloud = SharedCloud.get();
    clients = new Ec2Clients(cloud);
  }

  @Test
  void whoSignsIsToldWhoTheyAreOnBothPaths() {
    for (String path : List.of("/sts", "/ec2")) {
      try (StsClient sts = clients.sts(OWNER, path)) {
        assertThat(sts.getCallerIdentity().account()).isEqualTo(TestCloud.ACCOUNT);
        assertThat(sts.getCallerIdentity().arn()).contains(TestCloud.ACCOUNT, TestCloud.ACCESS_KEY);
      }
    }
    AwsBasicCredentials wrong = AwsBasicCredentials.create("AKIAAAAAAAAAAAAAAAAA", "x".repeat(40));
    try (StsClient sts = clients.sts(wrong, "/sts")) {
      StsException refusal = catchThrowableOfType(StsException.class, sts::getCallerIdentity);
      assertThat(refusal.statusCode()).isEqualTo(403);
      assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo("InvalidClientTokenId");
    }
  }

  @Test
  void anUnknownKeyAndAWrongSecretLookTheSame() {
    AwsBasicCredentials unknown =
        AwsBasicCredentials.create("AKIAAAAAAAAAAAAAAAAA", "x".repeat(40));
    AwsBasicCredentials wrong = AwsBasicCredentials.create(TestCloud.ACCESS_KEY, "x".repeat(40));
    try (Ec2Client first = clients.ec2(unknown, Ec2Clients.REGION);
        Ec2Client second = clients.ec2(wrong, Ec2Clients.REGION)) {
      assertThat(refusal(first::describeRegions))
          .isEqualTo(refusal(second::describeRegions))
          .isEqualTo("AuthFailure: AWS was not able to validate the provided access credentials");
    }
    try (Ec2Client elsewhere = clients.ec2(OWNER, "mars-north-1")) {
      assertThat(refusal(elsewhere::describeRegions))
          .startsWith("AuthFailure")
          .contains("us-east-1");
    }
  }

  @Test
  void aReaderLooksAndChangesNothing() {
    try (Ec2Client reader = clients.reader()) {
      assertThat(reader.describeRegions().regions()).hasSize(3);
      assertThat(refused(() -> reader.createKeyPair(key -> key.keyName("reader"))))
          .isEqualTo("UnauthorizedOperation");
      assertThat(reader.describeKeyPairs().keyPairs())
          .noneMatch(key -> key.keyName().equals("reader"));
    }
  }

  @Test
  void aDryRunChecksAllAndChangesNothing() {
    try (Ec2Client ec2 = clients.owner()) {
      assertThat(
              refused(() ->
                  ec2.createKeyPair(
                      key -> key.keyName("dry").keyType(KeyType.ED25519).dryRun(true))))
          .isEqualTo("DryRunOperation");
      assertThat(ec2.describeKeyPairs().keyPairs()).noneMatch(key -> key.keyName().equals("dry"));
      assertThat(refused(() -> ec2.createKeyPair(key -> key.dryRun(true))))
          .isEqualTo("MissingParameter");
      assertThat(refused(() -> ec2.describeRegions(regions -> regions.dryRun(true))))
          .isEqualTo("DryRunOperation");
    }
  }

  /// query | status | code | part of the message
  private static final String REQUESTS =
      """
      Version=2016-11-15                                              | 400 | MissingAction | Action
      Action=DescribeRegions                                          | 400 | MissingParameter | Version
      Action=DescribeRegions&Version=2011-01-01                       | 400 | NoSuchVersion | 2016-11-15
      Action=RunAway&Version=2016-11-15                               | 400 | InvalidAction | RunAway
      Action=DescribeRegions&V&Colour=red                             | 400 | UnknownParameter | Colour
      Action=DescribeRegions&V&RegionName.x=a                         | 400 | UnknownParameter | RegionName.x
      Action=DescribeRegions&V&RegionName.0=a                         | 400 | UnknownParameter | RegionName.0
      Action=DescribeRegions&V&RegionName=us-east-1                   | 400 | UnknownParameter | RegionName
      Action=DescribeRegions&V&RegionName.1.Deep=a                    | 400 | UnknownParameter | RegionName.1.Deep
      Action=DescribeRegions&V&AllRegions=maybe                       | 400 | InvalidParameterValue | AllRegions
      Action=DescribeRegions&V&DryRun=maybe                           | 400 | InvalidParameterValue | DryRun
      Action=DescribeRegions&V&RegionName.1=x&RegionName.1=y          | 400 | InvalidQueryParameter | RegionName.1
      Action=DescribeRegions&V&RegionName.1=mars                      | 400 | InvalidParameterValue | mars
      Action=DescribeRegions&V&Filter.1.Name=colour&Filter.1.Value.1=red | 400 | InvalidParameterValue | 'colour'
      Action=DescribeRegions&V&Filter.1.Value.1=red                   | 400 | InvalidParameterValue | 'null'
      Action=DescribeRegions&V&Filter.1.Name=region-name              | 400 | InvalidParameterValue | no values
      Action=CreateKeyPair&V                                          | 400 | MissingParameter | KeyName
      Action=CreateKeyPair&V&KeyName=a&KeyType=dsa                    | 400 | InvalidParameterValue | dsa
      Action=CreateKeyPair&V&KeyName=%01                              | 400 | InvalidParameterValue | KeyName
      Action=DescribeRegions&V&RegionName.1=%FF                       | 400 | MalformedQueryString | UTF-8
      Action=DescribeRegions&V&RegionName.1=%2                        | 400 | MalformedQueryString | percent
      """;

  @TestFactory
  Stream<DynamicTest> whatIsWrongIsRefusedByName() {
    return REQUESTS
        .lines()
        .map(line -> {
          List<String> cells = Stream.of(line.split("\\|")).map(String::strip).toList();
          String form = cells.get(0).replaceAll("&V(?=&|$)", "&Version=2016-11-15");
          return DynamicTest.dynamicTest(
              cells.get(0),
              () -> {
                TestCloud.Answer answer = signer().post(form);
                assertThat(answer.status() + "").as(answer.body()).isEqualTo(cells.get(1));
                assertThat(answer.body())
                    .contains("<Response><Errors><Error><Code>" + cells.get(2) + "</Code>")
                    .contains(cells.get(3))
                    .contains("<RequestID>");
              });
        });
  }

  private static RequestSigner signer() {
    return new RequestSigner(cloud, OWNER.accessKeyId(), OWNER.secretAccessKey());
  }

  private static final String REGIONS = "Action=DescribeRegions&Version=2016-11-15";

  @Test
  void answersAreXmlAsEc2WritesIt() {
    TestCloud.Answer answer = signer().post(REGIONS + "&RegionName.1=us-west-2");
    assertThat(answer.header("Content-Type")).isEqualTo("text/xml;charset=UTF-8");
    assertThat(answer.body().replaceAll("req-[0-9a-f]+", "ID"))
        .isEqualTo(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
                + "<DescribeRegionsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">"
                + "<requestId>ID</requestId><regionInfo><item><regionName>us-west-2</regionName>"
                + "<regionEndpoint>ec2.us-west-2.amazonaws.com</regionEndpoint>"
                + "<optInStatus>opt-in-not-required</optInStatus></item></regionInfo>"
                + "</DescribeRegionsResponse>");
  }

  @Test
  void getAndPresignedRequestsAreTheSame() {
    assertThat(signer().get(REGIONS).status()).isEqualTo(200);
    assertThat(signer().presigned(REGIONS, 600).status()).isEqualTo(200);
    assertThat(signer().at(Instant.now().minusSeconds(90)).presigned(REGIONS, 60).body())
        .contains("<Code>RequestExpired</Code>");
    assertThat(signer().presigned(REGIONS, 604_801).body()).contains("X-Amz-Expires");
  }

  @Test
  void aSignatureLastsFiveMinutesAndCoversEverything() {
    assertThat(signer().at(Instant.now().minus(Duration.ofMinutes(2))).post(REGIONS).status())
        .isEqualTo(200);
    for (Instant time : List.of(Instant.now().minusSeconds(330), Instant.now().plusSeconds(330))) {
      assertThat(signer().at(time).post(REGIONS).body()).contains("<Code>RequestExpired</Code>");
    }
    Map<String, String> headers = signer().headers("POST", "/ec2", "", REGIONS);
    assertThat(send(headers, REGIONS).status()).isEqualTo(200);
    assertThat(send(headers, REGIONS + "&DryRun=true").status()).isEqualTo(401);
    assertThat(send(Map.of(), REGIONS).body()).contains("<Code>MissingAuthenticationToken</Code>");
    for (String header :
        List.of("Bearer x", "AWS4-HMAC-SHA256 x", "AWS4-HMAC-SHA256 Credential=a/b")) {
      assertThat(send(Map.of("Authorization", header), REGIONS).body())
          .contains("<Code>IncompleteSignature</Code>");
    }
    assertThat(signer().service("s3").post(REGIONS).body())
        .contains("<Code>AuthFailure</Code>", "ec2");
    assertThat(signer().withToken("a-session").post(REGIONS).body())
        .contains("<Code>AuthFailure</Code>");
  }

  private static TestCloud.Answer send(Map<String, String> headers, String form) {
    return RequestSigner.send(cloud, "POST", "/ec2", headers, form);
  }
}
