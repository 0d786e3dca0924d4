package brume.compute.serial;

import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.json.JsonMapper;

/// The way to the one who typed: one frame at a time, each sent before the next is made, so that a
/// slow reader costs no memory. A reader that takes no frame for a minute is let go.
final class SerialChannel {
  private static final String SEND_TIMEOUT = "org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT";
  private static final int FRAME_BYTES_MAX = 8 * 1024;
  // RFC 6455 §5.5: a control frame has at most 125 bytes, of which a close frame's code takes two.
  private static final int REASON_BYTES_MAX = 123;

  private final Session session;
  private final JsonMapper json;
  private final ReentrantLock sending = new ReentrantLock();

  SerialChannel(Session session, JsonMapper json) {
    this.session = session;
    this.json = json;
    session.getUserProperties().put(SEND_TIMEOUT, TimeUnit.MINUTES.toMillis(1));
  }

  void output(byte[] bytes, int from) throws IOException {
    for (int at = from; at < bytes.length; at += FRAME_BYTES_MAX) {
      ByteBuffer frame = ByteBuffer.wrap(bytes, at, Math.min(FRAME_BYTES_MAX, bytes.length - at));
      send(() -> session.getBasicRemote().sendBinary(frame));
    }
  }

  /// A word of our own in between the guest's.
  void remark(String text) throws IOException {
    output(("\r\n[brume] " + text + "\r\n").getBytes(StandardCharsets.UTF_8), 0);
  }

  /// Finds out whether anybody is still there, as a write to nobody fails some time.
  void beat() throws IOException {
    send(() -> session.getBasicRemote().sendPing(ByteBuffer.allocate(0)));
  }

  void end(int code, String reason) throws IOException {
    String told = json.writeValueAsString(Map.of("type", "end", "reason", reason));
    send(() -> session.getBasicRemote().sendText(told));
    session.close(new CloseReason(CloseCodes.getCloseCode(code), cut(reason)));
  }

  private static String cut(String reason) {
    String cut = reason;
    while (cut.getBytes(StandardCharsets.UTF_8).length > REASON_BYTES_MAX) {
      cut = cut.substring(0, cut.length() - 1);
    }
    return cut;
  }

  private interface Sending {
    void run() throws IOException;
  }

  private void send(Sending one) throws IOException {
    sending.lock();
    try {
      one.run();
    } catch (IllegalStateException closed) {
      throw new IOException("the WebSocket is closed", closed); // how Tomcat says so
    } finally {
      sending.unlock();
    }
  }
}
