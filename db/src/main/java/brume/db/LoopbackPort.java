package brume.db;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/// Finds a TCP port on the loopback address for a server that starts a little later, or once more
/// after it died. The system's own choice would come from the ports that it also gives to outgoing
/// connections, and one of those may take it meanwhile; these lie below (Linux gives those from
/// 32768 on, others from 49152 on as RFC 6335 has it).
public final class LoopbackPort {
  private static final int FIRST = 20_000;
  private static final int BEHIND_LAST = 32_768;
  private static final int ATTEMPTS = 1_000;

  private LoopbackPort() {}

  /// Throws IllegalStateException when none of many is free.
  public static int free() {
    for (int attempt = 1; ; attempt++) {
      int port = RandomGenerator.getDefault().nextInt(FIRST, BEHIND_LAST);
      try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return probe.getLocalPort();
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          throw new IllegalStateException(
              "no free port on loopback between " + FIRST + " and " + BEHIND_LAST, e);
        }
      }
    }
  }
}
