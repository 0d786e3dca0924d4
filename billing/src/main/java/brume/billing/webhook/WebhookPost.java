package brume.billing.webhook;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// One POST (RFC 9112), as small as a webhook needs it. A client library looks a name up by itself
/// when it connects, and may then hear another address than the one that was judged; this connects
/// to the judged one, follows nothing, and reads no more than the first line of the answer.
final class WebhookPost {
  private static final int STATUS_LINE_MAX = 256;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3})(?: .*)?");

  private final boolean privateAllowed;
  private final Duration timeout;

  /// @param timeout for connecting, and for each wait for the other side
  WebhookPost(boolean privateAllowed, Duration timeout) {
    this.privateAllowed = privateAllowed;
    this.timeout = timeout;
  }

  /// @return the answer's status
  /// @throws IOException when there is none, or the address may not be reached
  int send(WebhookAddress to, Map<String, String> headers, byte[] body) throws IOException {
    InetAddress address = judged(to.host());
    try (Socket plain = new Socket()) {
      plain.setSoTimeout(Math.toIntExact(timeout.toMillis()));
      plain.connect(new InetSocketAddress(address, to.port()), Math.toIntExact(timeout.toMillis()));
      if (!to.tls()) {
        return exchange(plain, to, headers, body);
      }
      SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
      try (SSLSocket secure = (SSLSocket) factory.createSocket(plain, to.host(), to.port(), true)) {
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return exchange(secure, to, headers, body);
      }
    }
  }

  /// One bad address of a name is enough to refuse it: which one is taken would be chance.
  private InetAddress judged(String host) throws IOException {
    List<InetAddress> found = Arrays.asList(InetAddress.getAllByName(host));
    if (!privateAllowed && !found.stream().allMatch(PublicAddresses::contains)) {
      throw new IOException("the address of " + host + " is not a public one");
    }
    return found.getFirst();
  }

  private static int exchange(
      Socket socket, WebhookAddress to, Map<String, String> headers, byte[] body)
      throws IOException {
    StringBuilder head = new StringBuilder("POST " + to.path() + " HTTP/1.1\r\n");
    head.append("Host: ").append(to.authority()).append("\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    head.append("Content-Length: " + body.length + "\r\nConnection: close\r\n\r\n");
    OutputStream out = socket.getOutputStream();
    out.write(head.toString().getBytes(StandardCharsets.US_ASCII));
    out.write(body);
    out.flush();
    return status(socket.getInputStream());
  }

  private static int status(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c == -1 || line.length() == STATUS_LINE_MAX) {
        throw new IOException("the answer is not HTTP");
      }
      line.append((char) c);
    }
    Matcher matcher = STATUS.matcher(line.toString().stripTrailing());
    if (!matcher.matches()) {
      throw new IOException("the answer is not HTTP");
    }
    return Integer.parseInt(matcher.group(1));
  }
}
