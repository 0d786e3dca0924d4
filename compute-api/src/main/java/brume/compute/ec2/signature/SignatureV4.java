package brume.compute.ec2.signature;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// AWS Signature Version 4 in a header or in the query ("Signature Version 4 signing process" in
/// AWS' reference): takes a request apart into what was claimed, and says whether a secret made it.
///
/// ```
/// canonical = method \n path \n query \n headers \n\n names of headers \n sha256(body)
/// string    = AWS4-HMAC-SHA256 \n time \n date/region/service/aws4_request \n sha256(canonical)
/// key       = hmac(hmac(hmac(hmac("AWS4" + secret, date), region), service), "aws4_request")
/// ```
public final class SignatureV4 {
  static final String ALGORITHM = "AWS4-HMAC-SHA256";
  static final Duration WINDOW = Duration.ofMinutes(5);
  static final long PRESIGNED_SECONDS_MAX = Duration.ofDays(7).toSeconds();

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withResolverStyle(ResolverStyle.STRICT);
  private static final Pattern CREDENTIAL =
      Pattern.compile(
          "([A-Za-z0-9]{1,128})/([0-9]{8})/([a-z0-9-]{1,64})/([a-z0-9-]{1,32})/aws4_request");
  private static final Pattern SIGNATURE = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,7}");

  /// What a request says of its signer, before any of it is believed.
  ///
  /// @param expires null for a header's signature, which lasts for the window
  public record Claim(
      String accessKeyId,
      String date,
      String region,
      String service,
      Instant signedAt,
      @Nullable Duration expires,
      List<String> signedHeaders,
      String signature,
      boolean inQuery) {
    /// Whether it is (still) valid at this time.
    public boolean isTimely(Instant now) {
      Instant end = signedAt.plus(expires == null ? WINDOW : expires);
      return !now.isAfter(end) && !signedAt.isAfter(now.plus(WINDOW));
    }
  }

  /// The request's credential is there and can't be read.
  public static final class Malformed extends Exception {
    public Malformed(String what) {
      super(what);
    }
  }

  private SignatureV4() {}

  /// @return null where the request has no signature at all
  public static @Nullable Claim claim(SignedRequest request) throws Malformed {
    Map<String, String> query = query(request.query());
    String header = single(request, "authorization");
    if (header != null) {
      return fromHeader(request, header);
    }
    return query.containsKey("X-Amz-Signature") || query.containsKey("X-Amz-Credential")
        ? fromQuery(query)
        : null;
  }

  private static Claim fromHeader(SignedRequest request, String header) throws Malformed {
    if (!header.startsWith(ALGORITHM + " ")) {
      throw new Malformed("Authorization must begin with " + ALGORITHM);
    }
    Map<String, String> parts = new LinkedHashMap<>();
    for (String part : header.substring(ALGORITHM.length()).split(",")) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        parts.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
      }
    }
    String time = single(request, "x-amz-date");
    return claim(parts, "", time == null ? "" : time, null, false);
  }

  private static Claim fromQuery(Map<String, String> query) throws Malformed {
    if (!ALGORITHM.equals(query.get("X-Amz-Algorithm"))) {
      throw new Malformed("X-Amz-Algorithm must be " + ALGORITHM);
    }
    String seconds = query.getOrDefault("X-Amz-Expires", "");
    if (!SECONDS.matcher(seconds).matches()
        || Long.parseLong(seconds) < 1
        || Long.parseLong(seconds) > PRESIGNED_SECONDS_MAX) {
      throw new Malformed("X-Amz-Expires must be 1 to " + PRESIGNED_SECONDS_MAX + " seconds");
    }
    Duration expires = Duration.ofSeconds(Long.parseLong(seconds));
    return claim(query, "X-Amz-", query.getOrDefault("X-Amz-Date", ""), expires, true);
  }

  private static Claim claim(
      Map<String, String> parts,
      String prefix,
      String time,
      @Nullable Duration expires,
      boolean inQuery)
      throws Malformed {
    Matcher credential = CREDENTIAL.matcher(parts.getOrDefault(prefix + "Credential", ""));
    if (!credential.matches()) {
      throw new Malformed("Credential must be KEY/DATE/REGION/SERVICE/aws4_request");
    }
    String signature = parts.getOrDefault(prefix + "Signature", "");
    if (!SIGNATURE.matcher(signature).matches()) {
      throw new Malformed("Signature must be 64 hexadecimal digits");
    }
    List<String> headers = List.of(parts.getOrDefault(prefix + "SignedHeaders", "").split(";"));
    if (!headers.contains("host") || !(inQuery || headers.contains("x-amz-date"))) {
      throw new Malformed("SignedHeaders must hold host and x-amz-date");
    }
    Instant signedAt;
    try {
      signedAt = LocalDateTime.parse(time, TIME).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw new Malformed("X-Amz-Date must be a time such as 20261122T112942Z");
    }
    if (!time.startsWith(credential.group(2))) {
      throw new Malformed("Date in Credential scope does not match the date of X-Amz-Date");
    }
    return new Claim(
        credential.group(1),
        credential.group(2),
        credential.group(3),
        credential.group(4),
        signedAt,
        expires,
        headers,
        signature,
        inQuery);
  }

  /// Whether the holder of `secret` signed this request. Takes the same time wherever it differs.
  public static boolean isSignedWith(String secret, Claim claim, SignedRequest request) {
    String time = TIME.withZone(ZoneOffset.UTC).format(claim.signedAt());
    String scope = claim.date() + "/" + claim.region() + "/" + claim.service() + "/aws4_request";
    String text =
        String.join("\n", ALGORITHM, time, scope, hex(sha256(utf8(canonical(claim, request)))));
    byte[] key = utf8("AWS4" + secret);
    for (String step : List.of(claim.date(), claim.region(), claim.service(), "aws4_request")) {
      key = hmac(key, step);
    }
    return MessageDigest.isEqual(utf8(hex(hmac(key, text))), utf8(claim.signature()));
  }

  private static String canonical(Claim claim, SignedRequest request) {
    StringBuilder headers = new StringBuilder();
    for (String name : claim.signedHeaders()) {
      List<String> values = request.headers().getOrDefault(name, List.of());
      headers
          .append(name)
          .append(':')
          .append(
              values.stream()
                  .map(value -> value.strip().replaceAll(" +", " "))
                  .collect(Collectors.joining(",")))
          .append('\n');
    }
    return String.join(
        "\n",
        request.method(),
        request.path().isEmpty() ? "/" : request.path(),
        canonicalQuery(claim, request.query()),
        headers,
        String.join(";", claim.signedHeaders()),
        hex(sha256(request.body())));
  }

  private static String canonicalQuery(Claim claim, String query) {
    List<String[]> pairs = new ArrayList<>();
    for (String pair : query.split("&")) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        if (!claim.inQuery() || !name.equals("X-Amz-Signature")) {
          pairs.add(new String[] {name, equals < 0 ? "" : pair.substring(equals + 1)});
        }
      }
    }
    pairs.sort(
        Comparator.<String[], String>comparing(pair -> pair[0]).thenComparing(pair -> pair[1]));
    return pairs.stream()
        .map(pair -> pair[0].replace("+", "%20") + "=" + pair[1].replace("+", "%20"))
        .collect(Collectors.joining("&"));
  }

  private static Map<String, String> query(String query) {
    Set<String> wanted =
        Set.of(
            "X-Amz-Algorithm",
            "X-Amz-Credential",
            "X-Amz-Date",
            "X-Amz-Expires",
            "X-Amz-SignedHeaders",
            "X-Amz-Signature");
    return Arrays.stream(query.split("&"))
        .map(pair -> pair.split("=", 2))
        .filter(pair -> pair.length == 2 && wanted.contains(pair[0]))
        .collect(
            Collectors.toMap(
                pair -> pair[0], pair -> unescaped(pair[1]), (first, second) -> first));
  }

  /// Only what can be escaped in these few: slashes and semicolons.
  private static String unescaped(String text) {
    return text.replace("%2F", "/").replace("%2f", "/").replace("%3B", ";").replace("%3b", ";");
  }

  private static @Nullable String single(SignedRequest request, String name) {
    List<String> values = request.headers().getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    return values.isEmpty() ? null : values.getFirst();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return Objects.requireNonNull(mac.doFinal(utf8(text)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
