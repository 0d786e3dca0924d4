package brume.compute.ec2.signature;

import java.util.List;
import java.util.Map;

/// A request as its signature sees it.
///
/// @param path as it came, still escaped
/// @param query as it came, still escaped; empty for none
/// @param headers by lower-case name, each with its values in order
@SuppressWarnings("ArrayRecordComponent") // only digested, never compared
public record SignedRequest(
    String method, String path, String query, Map<String, List<String>> headers, byte[] body) {
  public SignedRequest {
    headers = Map.copyOf(headers);
  }
}
