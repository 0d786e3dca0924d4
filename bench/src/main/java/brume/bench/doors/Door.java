package brume.bench.doors;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;

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
  record Ec2(String url, Signature signature) implements Door {
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
              + "&MinCount=1&MaxCount=1");
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
