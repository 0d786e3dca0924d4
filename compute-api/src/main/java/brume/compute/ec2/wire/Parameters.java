package brume.compute.ec2.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The query parameters of one request as a tree: `Filter.1.Value.2` is four steps down. Each name
/// may be given once.
public final class Parameters {
  static final int COUNT_MAX = 5_000;
  static final int DEPTH_MAX = 12;

  /// A place in the tree: a value, or what lies below, or (in a malformed request) both.
  static final class Node {
    final Map<String, Node> children = new LinkedHashMap<>();
    @Nullable String value;
  }

  private final Map<String, String> flat = new TreeMap<>();

  private Parameters() {}

  /// Reads `a=b&c=d` with percent escapes of UTF-8.
  public static Parameters parse(String... forms) {
    Parameters parameters = new Parameters();
    for (String form : forms) {
      for (String pair : form.split("&")) {
        if (!pair.isEmpty()) {
          int equals = pair.indexOf('=');
          String name = decode(equals < 0 ? pair : pair.substring(0, equals));
          parameters.add(name, equals < 0 ? "" : decode(pair.substring(equals + 1)));
        }
      }
    }
    return parameters;
  }

  private void add(String name, String value) {
    if (flat.size() >= COUNT_MAX) {
      throw new Ec2Fault(
          "MalformedQueryString", "A request has at most " + COUNT_MAX + " parameters.");
    }
    if (flat.putIfAbsent(name, value) != null) {
      throw new Ec2Fault(
          "InvalidQueryParameter",
          "The parameter " + Text.shown(name) + " is given more than once.");
    }
  }

  public @Nullable String get(String name) {
    return flat.get(name);
  }

  /// Takes a parameter out: it is not the action's business.
  public @Nullable String take(String name) {
    return flat.remove(name);
  }

  public void removeAll(String prefix) {
    flat.keySet().removeIf(name -> name.startsWith(prefix));
  }

  Node tree() {
    Node root = new Node();
    flat.forEach((name, value) -> {
      String[] steps = name.split("\\.", DEPTH_MAX + 1);
      if (steps.length > DEPTH_MAX) {
        throw unknown(name);
      }
      Node node = root;
      for (String step : steps) {
        node = node.children.computeIfAbsent(step, ignored -> new Node());
      }
      node.value = value;
    });
    return root;
  }

  static Ec2Fault unknown(String name) {
    return new Ec2Fault(
        "UnknownParameter", "The parameter " + Text.shown(name) + " is not recognized");
  }

  private static String decode(String text) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
        int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          throw malformed("a percent sign is not followed by two hexadecimal digits");
        }
        bytes.put((byte) (high << 4 | low));
        i += 2;
      } else if (c == '+') {
        bytes.put((byte) ' ');
      } else {
        bytes.put(Character.toString(c).getBytes(StandardCharsets.UTF_8));
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      throw malformed("a parameter is not UTF-8");
    }
  }

  private static Ec2Fault malformed(String why) {
    return new Ec2Fault("MalformedQueryString", "The query string contains a syntax error: " + why);
  }
}
