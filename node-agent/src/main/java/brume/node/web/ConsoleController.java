package brume.node.web;

import brume.node.hypervisor.ConsoleRing;
import brume.node.vm.VmConsole;
import brume.node.vm.VmTable;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The serial lines of guests. Only compute-api asks.
///
/// `GET /vms/{instanceId}/console?from=OFFSET&waitMillis=N&epoch=E` answers the bytes that a guest
/// printed since that offset, as they are; with `waitMillis` it waits for some. `x-console-start`
/// says where they begin (later than asked for where the output is not kept any more),
/// `x-console-next` what to ask for next, `x-console-over` whether none will follow.
///
/// `POST` on the same path types the body's bytes, and says in `x-console-taken` how many of them
/// had room.
@RestController
public class ConsoleController {
  static final int TYPED_BYTES_MAX = 64 * 1024;
  private static final int WAIT_MILLIS_MAX = 20_000;
  private static final MediaType TEXT = MediaType.parseMediaType("text/plain;charset=utf-8");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  private final VmTable table;
  private final AccessToken token;

  public ConsoleController(VmTable table, AccessToken token) {
    this.table = table;
    this.token = token;
  }

  @GetMapping("/vms/{instanceId}/console")
  public ResponseEntity<byte[]> read(
      @PathVariable String instanceId,
      @RequestParam(defaultValue = "0") String from,
      @RequestParam(defaultValue = "0") String waitMillis,
      @RequestParam(required = false) @Nullable String epoch,
      @RequestHeader(value = HttpHeaders.AUTHORIZATION, required = false)
          @Nullable String authorization)
      throws InterruptedException {
    requireToken(authorization);
    long first = number("from", from, "invalid_offset");
    long wait = Math.min(number("waitMillis", waitMillis, "invalid_wait"), WAIT_MILLIS_MAX);
    ConsoleRing output = console(instanceId, epoch).output();
    output.await(first, Duration.ofMillis(wait));
    boolean over = output.isOver(); // before the look, so that what is last is told with it
    ConsoleRing.Piece piece = output.read(first, ConsoleRing.CAPACITY_BYTES);
    return ResponseEntity.ok()
        .contentType(TEXT)
        .header("x-console-start", Long.toString(piece.start()))
        .header("x-console-next", Long.toString(piece.next()))
        .header("x-console-over", Boolean.toString(over))
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .body(piece.bytes());
  }

  @PostMapping("/vms/{instanceId}/console")
  public ResponseEntity<Void> type(
      @PathVariable String instanceId,
      @RequestParam(required = false) @Nullable String epoch,
      @RequestHeader(value = HttpHeaders.AUTHORIZATION, required = false)
          @Nullable String authorization,
      HttpServletRequest request)
      throws IOException {
    requireToken(authorization);
    VmConsole console = console(instanceId, epoch);
    byte[] typed = request.getInputStream().readNBytes(TYPED_BYTES_MAX + 1);
    int taken = console.type(Arrays.copyOf(typed, Math.min(typed.length, TYPED_BYTES_MAX)));
    return ResponseEntity.noContent()
        .header("x-console-taken", Integer.toString(taken))
        .header("x-console-over", Boolean.toString(console.output().isOver()))
        .build();
  }

  private void requireToken(@Nullable String authorization) {
    if (!token.isIn(authorization)) {
      throw new Refused(
          HttpStatus.UNAUTHORIZED,
          "unauthenticated",
          "send this node's access token: Authorization: Bearer <token>");
    }
  }

  private static long number(String field, String text, String code) {
    if (!NUMBER.matcher(text).matches()) {
      throw new Refused(HttpStatus.BAD_REQUEST, code, field + " must be a number, 0 or more");
    }
    return Long.parseLong(text);
  }

  /// @param epoch of the start that is meant; null for any
  private VmConsole console(String instanceId, @Nullable String epoch) {
    long wanted = epoch == null ? -1 : number("epoch", epoch, "invalid_epoch");
    return table
        .console(instanceId)
        .filter(console -> wanted < 0 || console.epoch() == wanted)
        .orElseThrow(() ->
            new Refused(
                HttpStatus.NOT_FOUND,
                "console_unknown",
                "this node has no such VM of that instance, and none that ended a short time ago"));
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> problem(Refused refused) {
    ProblemDetail problem = ProblemDetail.forStatusAndDetail(refused.status, refused.getMessage());
    problem.setProperty("code", refused.code);
    return ResponseEntity.status(refused.status)
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(problem);
  }

  static final class Refused extends RuntimeException {
    private final HttpStatus status;
    private final String code;

    Refused(HttpStatus status, String code, String detail) {
      super(detail, null, false, false);
      this.status = status;
      this.code = code;
    }
  }
}
