package brume.compute.serial;

import brume.compute.access.Caller;
import brume.compute.instance.NodeConsole;
import brume.compute.instance.NodeConsole.Answer;
import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One open console. One thread carries what the guest prints, asking its node for more when the
/// last was sent; what is typed goes to the node before the next frame is read. So nothing is kept
/// here: who is slow, on either side, holds up the other or finds the oldest output gone.
final class SerialSession extends Endpoint {
  private static final Logger LOG = LoggerFactory.getLogger(SerialSession.class);

  static final int ENDED = 1000;
  static final int NO_RIGHT = 4403;
  static final int NO_INSTANCE = 4404;
  static final int IDLE = 4408;
  static final int TOO_MANY = 4429;

  private static final int FRAME_BYTES_MAX = 64 * 1024;
  private static final int CONTROL_LENGTH_MAX = 4 * 1024;
  private static final int EARLIER_BYTES_MAX = 64 * 1024;
  private static final int TYPED_AT_ONCE_MAX = 4 * 1024;
  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration IDLE_MAX = Duration.ofMinutes(30);
  private static final Duration ROOM_WAIT = Duration.ofMillis(20);
  private static final Duration ROOM_WAIT_MAX = Duration.ofSeconds(10);
  private static final End OVER = new End(ENDED, "the instance does not run any more");

  private final SerialAccess access;
  private final NodeConsole nodes;
  private final SerialPlaces places;
  private final JsonMapper json;
  private final Caller caller;
  private final NodeConsole.Line line;
  private final InputPace pace = new InputPace(System::nanoTime);

  private volatile boolean open;
  private volatile long lastByteNanos;
  private boolean placed;
  private @Nullable SerialChannel channel;

  SerialSession(
      SerialAccess access,
      NodeConsole nodes,
      SerialPlaces places,
      JsonMapper json,
      Caller caller,
      NodeConsole.Line line) {
    this.access = access;
    this.nodes = nodes;
    this.places = places;
    this.json = json;
    this.caller = caller;
    this.line = line;
  }

  @Override
  public void onOpen(Session session, EndpointConfig config) {
    SerialChannel made = new SerialChannel(session, json);
    channel = made;
    session.setMaxBinaryMessageBufferSize(FRAME_BYTES_MAX);
    session.setMaxTextMessageBufferSize(CONTROL_LENGTH_MAX);
    String full = places.take(caller.accountId(), line.instanceId());
    if (full != null) {
      end(made, TOO_MANY, full);
      return;
    }
    placed = true;
    open = true;
    lastByteNanos = System.nanoTime();
    access.opened(caller, line.instanceId());
    session.addMessageHandler(ByteBuffer.class, (MessageHandler.Whole<ByteBuffer>) this::typed);
    session.addMessageHandler(
        String.class, (MessageHandler.Whole<String>) text -> told(session, text));
    var _ =
        Thread.ofVirtual().name("serial " + line.instanceId()).start(() -> carry(session, made));
  }

  @Override
  public void onClose(Session session, CloseReason reason) {
    open = false;
    if (!placed) {
      return;
    }
    places.give(caller.accountId(), line.instanceId());
    try {
      access.closed(caller, line.instanceId());
    } catch (DataAccessException e) {
      LOG.warn("the end of a serial console is not in the audit trail: {}", e.getMessage());
    }
  }

  @Override
  public void onError(Session session, Throwable fault) {
    LOG.debug("a serial console of {} broke", line.instanceId(), fault);
  }

  // ---- from the guest

  private void carry(Session session, SerialChannel to) {
    try {
      End end = follow(to);
      if (end != null) {
        end(to, end.code(), end.reason());
      }
    } catch (IOException gone) {
      LOG.debug("a reader of {} went away: {}", line.instanceId(), gone.getMessage());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException bug) {
      LOG.error("a serial console of {} failed", line.instanceId(), bug);
    } finally {
      close(session, CloseCodes.UNEXPECTED_CONDITION); // of no effect where it is closed
    }
  }

  /// Why the server ends a session.
  private record End(int code, String reason) {}

  /// @return null when the other side has closed
  private @Nullable End follow(SerialChannel to) throws IOException, InterruptedException {
    long next = 0;
    boolean first = true;
    long asked = System.nanoTime();
    while (open) {
      if (System.nanoTime() - asked > LOOK.toNanos()) {
        asked = System.nanoTime();
        End end = stands();
        if (end != null) {
          return end;
        }
      }
      switch (nodes.follow(line, next, LOOK)) {
        case Answer.Text text -> {
          int from = first ? Math.max(0, text.text().length - EARLIER_BYTES_MAX) : 0;
          if (!first && text.start() > next) {
            to.remark((text.start() - next) + " bytes of output came too fast and are lost");
          }
          first = false;
          next = text.next();
          if (text.text().length > 0) {
            lastByteNanos = System.nanoTime();
            to.output(text.text(), from);
          } else if (text.over()) {
            return OVER;
          } else {
            to.beat();
          }
        }
        case Answer.NoVm none -> {
          return OVER;
        }
        case Answer.Away away -> {
          to.beat();
          Thread.sleep(RETRY);
        }
        case Answer.Taken none -> throw new IllegalStateException("a node read what was typed");
      }
    }
    return null;
  }

  /// @return null while the session may go on
  private @Nullable End stands() {
    if (System.nanoTime() - lastByteNanos > IDLE_MAX.toNanos()) {
      return new End(IDLE, "nothing was typed or printed for 30 minutes");
    }
    try {
      return access.holds(caller, line) ? null : OVER;
    } catch (Refused refused) {
      int code = refused.refusal() instanceof Refusal.NotFound ? NO_INSTANCE : NO_RIGHT;
      return new End(code, refused.refusal().detail());
    } catch (DataAccessException away) {
      return null; // who may is asked again with the next look
    }
  }

  private void end(SerialChannel to, int code, String reason) {
    try {
      to.end(code, reason);
    } catch (IOException gone) {
      LOG.debug("a reader of {} went away: {}", line.instanceId(), gone.getMessage());
    }
  }

  private static void close(Session session, CloseCodes code) {
    try {
      session.close(new CloseReason(code, ""));
    } catch (IOException gone) {
      LOG.debug("closed already: {}", gone.getMessage());
    }
  }

  // ---- to the guest

  private void typed(ByteBuffer frame) {
    lastByteNanos = System.nanoTime();
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    try {
      for (int at = 0; at < bytes.length && open; at += TYPED_AT_ONCE_MAX) {
        int length = Math.min(TYPED_AT_ONCE_MAX, bytes.length - at);
        Thread.sleep(Duration.ofNanos(pace.take(length)));
        int lost = type(Arrays.copyOfRange(bytes, at, at + length));
        if (lost > 0 && open) {
          Objects.requireNonNull(channel)
              .remark("the guest did not take " + (bytes.length - at - length + lost) + " bytes");
          return;
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (IOException gone) {
      LOG.debug("a reader of {} went away: {}", line.instanceId(), gone.getMessage());
    }
  }

  /// @return how many of the last bytes had no room, though there was time to make some
  private int type(byte[] typed) throws InterruptedException {
    byte[] left = typed;
    long started = System.nanoTime();
    while (left.length > 0 && open && System.nanoTime() - started < ROOM_WAIT_MAX.toNanos()) {
      if (nodes.type(line, left) instanceof Answer.Taken taken) {
        left = Arrays.copyOfRange(left, Math.min(taken.bytes(), left.length), left.length);
      }
      if (left.length > 0) {
        TimeUnit.NANOSECONDS.sleep(ROOM_WAIT.toNanos());
      }
    }
    return left.length;
  }

  /// Text is for control; a terminal's size is all there is, and a serial line has none.
  private void told(Session session, String text) {
    try {
      JsonNode message = json.readTree(text);
      if (message.path("type").asString("").equals("size")) {
        return;
      }
    } catch (JacksonException none) {
      LOG.debug("no control message: {}", none.getMessage());
    }
    close(session, CloseCodes.CANNOT_ACCEPT);
  }
}
