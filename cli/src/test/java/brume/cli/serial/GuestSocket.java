package brume.cli.serial;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The server's side of one WebSocket (RFC 6455), as a serial console speaks it: whole frames, no
/// extensions. What the client sends is kept in the order in which it came.
public final class GuestSocket implements AutoCloseable {
  private static final String ACCEPT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;

  private final ServerSocket server;
  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private final BlockingQueue<Socket> opened = new LinkedBlockingQueue<>();
  private volatile String head = "";

  /// @param status of the answer to the handshake; 101 opens the WebSocket
  public GuestSocket(int status) throws IOException {
    server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().start(() -> serve(status));
  }

  public String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /// The request that opened it.
  public String head() {
    return head;
  }

  private void serve(int status) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        DataInputStream in = new DataInputStream(socket.getInputStream());
        StringBuilder request = new StringBuilder();
        while (request.indexOf("\r\n\r\n") < 0) {
          request.append((char) in.readUnsignedByte());
        }
        boolean upgrade =
            request.toString().toLowerCase(Locale.ROOT).contains("upgrade: websocket");
        head = upgrade ? request.toString() : head;
        if (status != 101 || !upgrade) {
          String body = upgrade ? "" : "{\"id\":\"i-0191a2b3c4d5e6f70\",\"state\":\"running\"}";
          String line = upgrade ? status + " No" : "200 OK";
          socket
              .getOutputStream()
              .write(
                  ("HTTP/1.1 "
                          + line
                          + "\r\nConnection: close\r\nContent-Length: "
                          + body.length()
                          + "\r\n\r\n"
                          + body)
                      .getBytes(StandardCharsets.US_ASCII));
          socket.close();
          continue;
        }
        socket.getOutputStream().write(accepted(request.toString()));
        opened.add(socket);
        read(in, socket);
      } catch (IOException e) {
        received.add("broken");
      }
    }
  }

  private static byte[] accepted(String request) {
    String key =
        request
            .lines()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElseThrow();
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + ACCEPT).getBytes(StandardCharsets.US_ASCII));
      return ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Accept: "
              + Base64.getEncoder().encodeToString(digest)
              + "\r\n\r\n")
          .getBytes(StandardCharsets.US_ASCII);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private void read(DataInputStream in, Socket socket) throws IOException {
    while (true) {
      int kind = in.readUnsignedByte() & 0xf;
      int length = in.readUnsignedByte() & 0x7f;
      length = length == 126 ? in.readUnsignedShort() : length;
      byte[] mask = in.readNBytes(4);
      byte[] bytes = in.readNBytes(length);
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] ^= mask[i % 4];
      }
      if (kind == CLOSE) {
        received.add("close " + ByteBuffer.wrap(bytes).getShort());
        socket.close();
        return;
      }
      received.add((kind == TEXT ? "text " : "") + new String(bytes, StandardCharsets.ISO_8859_1));
    }
  }

  /// The next thing that the client sent; a test that waits for it in vain fails.
  public String next() throws InterruptedException {
    String next = received.poll(60, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing came");
    }
    return next;
  }

  public void print(String text) throws IOException, InterruptedException {
    frame(BINARY, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  public void tell(String json) throws IOException, InterruptedException {
    frame(TEXT, json.getBytes(StandardCharsets.UTF_8));
  }

  public void end(int code, String reason) throws IOException, InterruptedException {
    byte[] words = reason.getBytes(StandardCharsets.UTF_8);
    frame(CLOSE, ByteBuffer.allocate(2 + words.length).putShort((short) code).put(words).array());
  }

  /// Breaks the connection off without a word.
  public void cut() throws IOException, InterruptedException {
    socket().close();
  }

  private Socket socket() throws InterruptedException {
    Socket socket = opened.poll(60, TimeUnit.SECONDS);
    if (socket == null) {
      throw new AssertionError("nobody came");
    }
    opened.add(socket);
    return socket;
  }

  private void frame(int kind, byte[] bytes) throws IOException, InterruptedException {
    ByteBuffer frame = ByteBuffer.allocate(bytes.length + 4).put((byte) (0x80 | kind));
    if (bytes.length < 126) {
      frame.put((byte) bytes.length);
    } else {
      frame.put((byte) 126).putShort((short) bytes.length);
    }
    frame.put(bytes);
    OutputStream out = socket().getOutputStream();
    out.write(frame.array(), 0, frame.position());
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
