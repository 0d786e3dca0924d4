package brume.compute;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs requests by hand, so that they can be wrong in ways that AWS' client never is.
record RequestSigner(
    TestCloud cloud, String keyId, String secret, Instant now, String serviceName, String token) {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  RequestSigner(TestCloud cloud, String keyId, String secret) {
    this(cloud, keyId, secret, Instant.now(), "ec2", null);
  }

  RequestSigner at(Instant time) {
    return new RequestSigner(cloud, keyId, secret, time, serviceName, token);
  }

  RequestSigner service(String service) {
    return new RequestSigner(cloud, keyId, secret, now, service, token);
  }

  RequestSigner withToken(String sessionToken) {
    return new RequestSigner(cloud, keyId, secret, now, serviceName, sessionToken);
  }

  TestCloud.Answer post(String form) {
    return send(cloud, "POST", "/ec2", headers("POST", "/ec2", "", form), form);
  }

  TestCloud.Answer get(String query) {
    return send(cloud, "GET", "/ec2/?" + query, headers("GET", "/ec2/", query, ""), null);
  }

  TestCloud.Answer presigned(String query, long seconds) {
    String all =
        query
            + "&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
            + URLEncoder.encode(keyId + "/" + scope(), StandardCharsets.UTF_8)
            + "&X-Amz-Date="
            + TIME.format(now)
            + "&X-Amz-Expires="
            + seconds
            + "&X-Amz-SignedHeaders=host";
    String signature = signature("GET", "/ec2", all, "", Map.of("host", host()));
    return send(cloud, "GET", "/ec2?" + all + "&X-Amz-Signature=" + signature, Map.of(), null);
  }

  Map<String, String> headers(String method, String path, String query, String body) {
    Map<String, String> signed = new LinkedHashMap<>();
    signed.put("host", host());
    signed.put("x-amz-date", TIME.format(now));
    String signature = signature(method, path, query, body, signed);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("X-Amz-Date", TIME.format(now));
    headers.put(
        "Authorization",
        "AWS4-HMAC-SHA256 Credential="
            + keyId
            + "/"
            + scope()
            + ", SignedHeaders=host;x-amz-date, Signature="
            + signature);
    if (token != null) {
      headers.put("X-Amz-Security-Token", token);
    }
    return headers;
  }

  private String host() {
    return URI.create(cloud.url).getAuthority();
  }

  private String scope() {
    return TIME.format(now).substring(0, 8)
        + "/"
        + Ec2Clients.REGION
        + "/"
        + serviceName
        + "/aws4_request";
  }

  private String signature(
      String method, String path, String query, String body, Map<String, String> headers) {
    String sorted =
        Arrays.stream(query.split("&"))
            .filter(pair -> !pair.isEmpty())
            .sorted()
            .collect(Collectors.joining("&"));
    String canonical =
        method
            + "\n"
            + path
            + "\n"
            + sorted
            + "\n"
            + headers.entrySet().stream()
                .map(header -> header.getKey() + ":" + header.getValue() + "\n")
                .collect(Collectors.joining())
            + "\n"
            + String.join(";", headers.keySet())
            + "\n"
            + sha256(body);
    String text =
        "AWS4-HMAC-SHA256\n" + TIME.format(now) + "\n" + scope() + "\n" + sha256(canonical);
    byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
    for (String step : List.of(scope().split("/"))) {
      key = hmac(key, step);
    }
    return HexFormat.of().formatHex(hmac(key, text));
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static TestCloud.Answer send(
      TestCloud cloud, String method, String path, Map<String, String> headers, String form) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(cloud.url + path))
            .method(method, form == null ? BodyPublishers.noBody() : BodyPublishers.ofString(form));
    if (form != null) {
      request.header("Content-Type", "application/x-www-form-urlencoded");
    }
    headers.forEach(request::header);
    try {
      HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
      return new TestCloud.Answer(response.statusCode(), response.body(), response);
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
