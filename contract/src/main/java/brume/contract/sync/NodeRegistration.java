package brume.contract.sync;

import brume.contract.Checks;
import brume.contract.Resources;
import java.util.regex.Pattern;

/// `POST /nodes`: a node asks to join, once. The answer is a [NodeCredential].
///
/// @param joinToken the one-time token that the operator gave to this node
/// @param name what operators call the node; unique in the cloud
/// @param address where compute-api reaches the node's own HTTP port, such as
///   `http://10.0.0.7:9100`
public record NodeRegistration(
    String joinToken, String name, String zone, String address, Resources capacity) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern ADDRESS = Pattern.compile("https?://[^/?#@]{1,200}");

  public NodeRegistration {
    Checks.length("joinToken", joinToken, 1, 200);
    Checks.pattern("name", name, NAME);
    Checks.pattern("zone", zone, NAME);
    Checks.pattern("address", address, ADDRESS);
  }
}
