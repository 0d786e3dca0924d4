package brume.hypervisor.debug;

import brume.hypervisor.machine.VirtualMachine;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/// Listens for debuggers of one machine, one after another. Whoever can connect owns the guest, so
/// it should listen on the loopback address.
///
/// When a connection is made the machine is paused; one that is lost leaves it paused or running as
/// it was, without breakpoints.
public final class DebugServer implements AutoCloseable {
  private static final long CLOSING_MILLIS_MAX = 2_000;

  private final ServerSocket listening;
  private final VirtualMachine machine;
  private final RunControl control;
  private final Thread thread;
  private volatile @Nullable DebugSession session;

  private DebugServer(ServerSocket listening, VirtualMachine machine, RunControl control) {
    this.listening = listening;
    this.machine = machine;
    this.control = control;
    this.thread = Thread.ofPlatform().daemon().name("debugger").unstarted(this::serve);
  }

  /// Listens from now on.
  ///
  /// @param control the machine's runner
  public static DebugServer open(
      InetSocketAddress address, VirtualMachine machine, RunControl control) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.bind(address, 1);
    } catch (IOException refused) {
      socket.close();
      throw new IOException(address + ": " + refused.getMessage(), refused);
    }
    DebugServer server = new DebugServer(socket, machine, control);
    server.thread.start();
    return server;
  }

  /// Where it listens: `PORT` on the loopback address, or `HOST:PORT`. Throws
  /// IllegalArgumentException for anything else.
  public static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      InetSocketAddress address =
          host.isEmpty()
              ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
              : new InetSocketAddress(host, port);
      if (!address.isUnresolved()) {
        return address;
      }
    } catch (IllegalArgumentException notOne) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "gdb: '" + text + "' is no port of 0 to 65535, nor HOST:PORT with a known host");
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) listening.getLocalSocketAddress();
  }

  private void serve() {
    while (!listening.isClosed()) {
      try (Socket socket = listening.accept()) {
        converse(socket);
      } catch (IOException ended) {
        // This connection is over; the next may come.
      } catch (InterruptedException closing) {
        return;
      }
    }
  }

  private void converse(Socket socket) throws IOException, InterruptedException {
    socket.setTcpNoDelay(true);
    PacketStream stream =
        new PacketStream(
            new BufferedInputStream(socket.getInputStream()), socket.getOutputStream());
    DebugSession current = new DebugSession(stream, machine, control);
    session = current;
    Thread reader = Thread.ofPlatform().daemon().name("debugger-reader").start(current::read);
    try {
      current.run();
    } finally {
      session = null;
      reader.interrupt();
    }
  }

  /// Ends the session, after it has told the debugger of the machine's end if that has come.
  @Override
  public void close() {
    try {
      listening.close();
      DebugSession current = session;
      if (current != null) {
        current.close();
      }
      thread.join(CLOSING_MILLIS_MAX);
      thread.interrupt();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }
}
