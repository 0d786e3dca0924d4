package brume.cli.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.cli.Brume;
import brume.cli.process.CommandFailure;
import brume.cli.process.Surroundings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SerialSessionTest {
  private static final String ID = "i-0191a2b3c4d5e6f70";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private GuestSocket guest;

  @BeforeEach
  void open() throws IOException {
    guest = new GuestSocket(101);
  }

  @AfterEach
  void close() throws IOException {
    guest.close();
  }

  private SerialSession connected(SerialSession session) {
    HttpClient.newHttpClient()
        .newWebSocketBuilder()
        .buildAsync(URI.create(guest.url().replace("http", "ws") + "/"), session)
        .orTimeout(60, TimeUnit.SECONDS)
        .join();
    return session;
  }

  /// A command in a pipe, while the test is the guest.
  private CompletableFuture<Integer> console(InputStream in, String... more) {
    String[] line = new String[more.length + 3];
    line[0] = "console";
    line[1] = ID;
    line[2] = "-i";
    System.arraycopy(more, 0, line, 3, more.length);
    Surroundings surroundings =
        new Surroundings(
            in,
            new PrintWriter(out, true, StandardCharsets.UTF_8),
            out,
            new PrintWriter(err, true, StandardCharsets.UTF_8),
            Map.of("BRUME_URL", guest.url(), "BRUME_TOKEN", "brume_x"),
            Clock.systemUTC(),
            new Random(1),
            Surroundings.Terminals.NONE,
            Thread::sleep);
    return CompletableFuture.supplyAsync(
        () -> Brume.execute(surroundings, line), task -> Thread.ofPlatform().daemon().start(task));
  }

  private static InputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whatIsPipedInIsSentAndTheAnswerEndsIt() throws Exception {
    CompletableFuture<Integer> exit = console(text("uname -a\n"), "--until", "GNU/Linux");
    assertThat(guest.next()).isEqualTo("uname -a\n");
    assertThat(guest.head())
        .startsWith("GET /v1/instances/" + ID + "/serial HTTP/1.1")
        .contains("Authorization: Bearer brume_x");
    guest.print("Linux brume 6.12 riscv64 GNU/");
    guest.print("Linux\r\n");
    assertThat(exit.get(60, TimeUnit.SECONDS)).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).endsWith("riscv64 GNU/Linux\r\n");
    assertThat(guest.next()).isEqualTo("close 1000");
  }

  @Test
  void whatNeverComesEndsWithItsOwnExitCode() throws Exception {
    CompletableFuture<Integer> exit = console(text("x"), "--until", "never", "--timeout", "1");
    assertThat(exit.get(60, TimeUnit.SECONDS)).isEqualTo(4);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("has not printed 'never'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          1000 ; it was stopped ; '' ; 0 ; ''
          1000 ; it was stopped ; x  ; 1 ; the console ended before 'x' came: it was stopped
          4403 ; ''             ; '' ; 1 ; you may not, or no longer
          4404 ; ''             ; '' ; 1 ; the instance has no running guest
          4408 ; ''             ; '' ; 1 ; nothing was typed or printed for too long
          4429 ; ''             ; '' ; 1 ; too many consoles are open
          1011 ; a fault        ; '' ; 3 ; the console was cut: a fault
          """)
  void itsEndIsTold(int code, String reason, String until, int exit, String message)
      throws Exception {
    PipedInputStream open = new PipedInputStream(new PipedOutputStream());
    CompletableFuture<Integer> ended =
        until.isEmpty() ? console(open) : console(open, "--until", until);
    guest.print("bye");
    guest.tell("{\"type\":\"end\",\"reason\":\"" + reason + "\"}");
    guest.end(code, "");
    assertThat(ended.get(60, TimeUnit.SECONDS)).isEqualTo(exit);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("bye");
    assertThat(err.toString(StandardCharsets.UTF_8)).contains(message);
  }

  @Test
  void aBrokenConnectionIsSaid() throws Exception {
    PipedInputStream open = new PipedInputStream(new PipedOutputStream());
    CompletableFuture<Integer> ended = console(open);
    guest.cut();
    assertThat(ended.get(60, TimeUnit.SECONDS)).isEqualTo(3);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("the connection broke");
  }

  @Test
  void aRefusedOpeningSaysWhatElseThereIs() throws Exception {
    guest.close();
    guest = new GuestSocket(409);
    assertThat(console(text("")).get(60, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("can not be opened (HTTP 409)")
        .contains("--text");
  }

  @Test
  void theDetachKeyLeavesAndWhatWasTypedBeforeIsSent() throws Exception {
    SerialSession session = connected(new SerialSession(out, Optional.empty()));
    assertThat(session.type(text("ab\u001dcd"), DetachKey.DEFAULT)).isFalse();
    assertThat(guest.next()).isEqualTo("ab");
    assertThat(session.close(SerialSession.End.CUT).end()).isEqualTo(SerialSession.End.DETACHED);
    assertThat(guest.next()).isEqualTo("close 1000");
  }

  @Test
  void everyByteIsTheGuestsWhereNoKeyDetaches() throws Exception {
    SerialSession session = connected(new SerialSession(out, Optional.empty()));
    assertThat(session.type(text("a\u001db"), DetachKey.of("none"))).isTrue();
    assertThat(guest.next()).isEqualTo("a\u001db");
    session.resize(80, 24);
    assertThat(guest.next()).isEqualTo("text {\"type\":\"size\",\"columns\":80,\"rows\":24}");
    session.close(SerialSession.End.DETACHED);
  }

  @Test
  void outputThatCanNotBeWrittenEndsIt() throws Exception {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space");
          }
        };
    SerialSession session = connected(new SerialSession(full, Optional.empty()));
    guest.print("x");
    assertThat(session.await(60).orElseThrow().reason()).contains("can not be written");
    session.close(SerialSession.End.CUT);
  }

  @Test
  void questionsForTheCursorAreTakenOutWhereverFramesPartThem() {
    long seed = Long.getLong("brume.seed", new Random().nextLong());
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      StringBuilder printed = new StringBuilder();
      StringBuilder expected = new StringBuilder();
      for (int i = random.nextInt(8); i > 0; i--) {
        String part =
            new String[] {"a", "\u001b[6n", "\u001b[0m", "6n", "\n", "[6"}[random.nextInt(6)];
        printed.append(part);
        expected.append(part.equals("\u001b[6n") ? "" : part);
      }
      CursorQuestions questions = new CursorQuestions();
      ByteArrayOutputStream kept = new ByteArrayOutputStream();
      byte[] bytes = printed.toString().getBytes(StandardCharsets.ISO_8859_1);
      int at = 0;
      while (at < bytes.length) {
        int length = 1 + random.nextInt(bytes.length - at);
        kept.writeBytes(questions.without(java.util.Arrays.copyOfRange(bytes, at, at + length)));
        at += length;
      }
      kept.writeBytes(questions.rest());
      assertThat(kept.toString(StandardCharsets.ISO_8859_1))
          .as("-Dbrume.seed=" + seed)
          .isEqualTo(expected.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ctrl-], 29, Ctrl-]",
    "CTRL-A, 1, Ctrl-A",
    "ctrl-\\, 28, Ctrl-\\",
    "none, -1, no key"
  })
  void keysAreNamedAsPeopleDo(String given, int code, String shown) {
    DetachKey key = DetachKey.of(given);
    assertThat(key.code()).isEqualTo(code);
    assertThat(key.shown()).isEqualTo(shown);
  }

  @Test
  void otherKeysAreRefused() {
    assertThatThrownBy(() -> DetachKey.of("f12"))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("ctrl-]");
  }
}
