package brume.bench.doors;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A way into the cloud: it makes the requests of a bench as a client would send them.
interface Door {
  /// Of one instance, at 201 or 200.
  HttpRequest launch();

  /// One page of a hundred.
  HttpRequest page();

  /// One page of a hundred, of those in a state and with a tag.
  HttpRequest filteredPage();

  /// The REST door.
  record Rest(String url, String token) implements Door {
    private HttpRequest.Builder request(String path) {
      return HttpRequest.newBuilder(URI.create(url + path))
          .header("Authorization", "Bearer " + token);
    }

    @Override
    public HttpRequest launch() {
      return request("/v1/instances")
          .header("Content-Type", "application/json")
          .POST(BodyPublishers.ofString("{\"image\":\"debian-micro\",\"type\":\"e1.nano\"}"))
          .build();
    }

    @Override
    public HttpRequest page() {
      return request("/v1/instances?limit=100").build();
    }

    @Override
    public HttpRequest filteredPage() {
      return request("/v1/instances?limit=100&state=stopped&tag=shard%3D7").build();
    }

    @Override
    public String toString() {
      return "REST";
    }
  }

  /// The EC2 door; each request is signed anew, which is part of what its clients pay.
  record Ec2(String url, Signature signature, String subnetId) implements Door {
    /// With a subnet of 65,000 addresses: a default one has 4,000, which are soon gone.
    static Ec2 withSubnet(String url, Signature signature) throws Exception {
      Ec2 door = new Ec2(url, signature, "");
      String vpc = door.ask("Action=CreateVpc&CidrBlock=10.7.0.0%2F16", "vpcId");
      String subnet =
          door.ask(
              "Action=CreateSubnet&CidrBlock=10.7.0.0%2F16&AvailabilityZone=us-east-1a&VpcId="
                  + vpc,
              "subnetId");
      door.ask(
          "Action=ModifySubnetAttribute&MapPublicIpOnLaunch.Value=true&SubnetId=" + subnet,
          "return");
      return new Ec2(url, signature, subnet);
    }

    private String ask(String form, String element) throws Exception {
      try (HttpClient http = HttpClient.newHttpClient()) {
        String answer = http.send(request(form), BodyHandlers.ofString()).body();
        Matcher found = Pattern.compile("<" + element + ">([^<]+)<").matcher(answer);
        if (!found.find()) {
          throw new IllegalStateException(answer);
        }
        return found.group(1);
      }
    }

    private HttpRequest request(String form) {
      String body = form + "&Version=2016-11-15";
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(url + "/ec2"))
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(BodyPublishers.ofString(body));
      signature.sign(URI.create(url).getAuthority(), "/ec2", body).forEach(request::header);
      return request.build();
    }

    @Override
    public HttpRequest launch() {
      return request(
          "Action=RunInstances&ImageId=ami-00000000000000001&InstanceType=e1.nano"
              + "&MinCount=1&MaxCount=1&SubnetId="
              + subnetId);
    }

    @Override
    public HttpRequest page() {
      return request("Action=DescribeInstances&MaxResults=100");
    }

    @Override
    public HttpRequest filteredPage() {
      return request(
          "Action=DescribeInstances&MaxResults=100&Filter.1.Name=instance-state-name"
              + "&Filter.1.Value.1=stopped&Filter.2.Name=tag%3Ashard&Filter.2.Value.1=7");
    }

    @Override
    public String toString() {
      return "EC2";
    }
  }
}
