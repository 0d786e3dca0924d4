package brume.cli.serial;

import brume.cli.cloud.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One conversation with a guest's serial port.
///
/// ```
/// open ──→ talking ──→ DETACHED   the detach key
///                  ├─→ FOUND      the text waited for came
///                  ├─→ ENDED      the guest or the server ended it
///                  ├─→ CUT        the connection broke, or a text is waited for and can not come
///                  └─→ TIME_OVER
/// ```
///
/// Binary frames are the console's bytes in both directions; text frames are JSON about the
/// session. One frame is asked for when the one before is printed, so that a guest that prints
/// without end waits for the terminal and fills nobody's memory.
public final class SerialSession implements WebSocket.Listener {
  private static final int INPUT_BYTES_MAX = 4096;
  private static final int TEXT_MAX = 4096;
  private static final int SEND_SECONDS_MAX = 30;

  /// How it ended.
  public enum End {
    DETACHED,
    FOUND,
    ENDED,
    CUT,
    TIME_OVER
  }

  /// How it ended, and what the server said about it; may be empty.
  ///
  /// @param code the WebSocket's close code; 0 where it was not closed by the server
  public record Outcome(End end, int code, String reason) {}

  private final OutputStream screen;
  private final Optional<byte[]> until;
  private final CursorQuestions questions = new CursorQuestions();
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private final StringBuilder control = new StringBuilder();
  private final Object sending = new Object();
  private byte[] tail = new byte[0];
  private volatile String reason = "";
  private volatile @Nullable WebSocket socket;

  /// @param screen where the guest's bytes go
  /// @param until ends the session when the guest has printed it
  public SerialSession(OutputStream screen, Optional<String> until) {
    this.screen = screen;
    this.until = until.map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void onOpen(WebSocket opened) {
    socket = opened;
    opened.request(1);
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer frame, boolean last) {
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    try {
      print(bytes);
    } catch (IOException e) {
      finish(End.CUT, 0, "the output can not be written");
      return null;
    }
    from.request(1);
    return null;
  }

  private synchronized void print(byte[] bytes) throws IOException {
    byte[] shown = questions.without(bytes);
    screen.write(shown);
    screen.flush();
    if (until.isPresent() && found(shown, until.get())) {
      finish(End.FOUND, 0, "");
    }
  }

  /// Looks over the seam of two frames too.
  private boolean found(byte[] shown, byte[] wanted) {
    byte[] seen = new byte[tail.length + shown.length];
    System.arraycopy(tail, 0, seen, 0, tail.length);
    System.arraycopy(shown, 0, seen, tail.length, shown.length);
    // One byte is one character here, so that text is found where its bytes are.
    boolean there =
        new String(seen, StandardCharsets.ISO_8859_1)
            .contains(new String(wanted, StandardCharsets.ISO_8859_1));
    int kept = Math.min(seen.length, wanted.length - 1);
    tail = new byte[Math.max(0, kept)];
    System.arraycopy(seen, seen.length - tail.length, tail, 0, tail.length);
    return there;
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
    if (control.length() + text.length() <= TEXT_MAX) {
      control.append(text);
    }
    if (last) {
      try {
        Object told = Json.read(control.toString());
        if (Json.text(told, "type").equals("end")) {
          reason = Json.text(told, "reason");
        }
      } catch (IllegalArgumentException e) {
        // newer servers may tell what this client does not know
      }
      control.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String said) {
    finish(code == WebSocket.NORMAL_CLOSURE ? End.ENDED : End.CUT, code, said);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable failure) {
    finish(End.CUT, 0, "the connection broke");
  }

  private void finish(End end, int code, String said) {
    outcome.complete(new Outcome(end, code, reason.isEmpty() ? said : reason));
  }

  /// Sends what is typed until the detach key or the input's end. Runs on a thread of its own, as a
  /// read of the keyboard can not be broken off. Returns whether the input ended by itself.
  public boolean type(InputStream keyboard, DetachKey detach) {
    byte[] bytes = new byte[INPUT_BYTES_MAX];
    try {
      int read;
      while ((read = keyboard.read(bytes)) >= 0 && !outcome.isDone()) {
        int at = detach.in(bytes, read);
        if (at != 0) {
          send(ByteBuffer.wrap(bytes.clone(), 0, at < 0 ? read : at));
        }
        if (at >= 0) {
          finish(End.DETACHED, 0, "");
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return true;
    } catch (CompletionException e) {
      finish(End.CUT, 0, "the connection broke");
      return false;
    }
  }

  private void send(ByteBuffer bytes) {
    send(to -> to.sendBinary(bytes, true));
  }

  /// Tells the guest's side how large the terminal is.
  public void resize(int columns, int rows) {
    String size = Json.line(Json.object("type", "size", "columns", columns, "rows", rows));
    try {
      send(to -> to.sendText(size, true));
    } catch (CompletionException e) {
      // the session's end is told by its outcome
    }
  }

  /// One frame after the other: a WebSocket refuses a second one meanwhile.
  private void send(Function<WebSocket, CompletableFuture<WebSocket>> frame) {
    WebSocket to = socket;
    if (to != null && !outcome.isDone()) {
      synchronized (sending) {
        frame.apply(to).orTimeout(SEND_SECONDS_MAX, TimeUnit.SECONDS).join();
      }
    }
  }

  /// Waits for its end; none where it goes on after `seconds`.
  public Optional<Outcome> await(long seconds) throws InterruptedException {
    try {
      return Optional.of(outcome.get(seconds, TimeUnit.SECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("an outcome never fails", e);
    }
  }

  /// Ends it from here.
  public Outcome close(End end) {
    finish(end, 0, "");
    WebSocket to = socket;
    if (to != null && !to.isOutputClosed()) {
      to.sendClose(WebSocket.NORMAL_CLOSURE, "")
          .orTimeout(1, TimeUnit.SECONDS)
          .exceptionally(_ -> to)
          .join();
      to.abort();
    }
    try {
      screen.write(questions.rest());
      screen.flush();
    } catch (IOException e) {
      // nobody is there to see it
    }
    return outcome.join();
  }
}
