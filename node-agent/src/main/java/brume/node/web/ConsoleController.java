package brume.node.web;

import brume.node.hypervisor.ConsoleRing;
import brume.node.vm.VmTable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// `GET /vms/{instanceId}/console?from=OFFSET`: the bytes that a guest printed since that offset,
/// as they are. `x-console-start` says where they begin (later than asked for where the output is
/// not kept any more), `x-console-next` what to ask for next. Only compute-api asks.
@RestController
public class ConsoleController {
  private static final MediaType TEXT = MediaType.parseMediaType("text/plain;charset=utf-8");

  private final VmTable table;
  private final AccessToken token;

  public ConsoleController(VmTable table, AccessToken token) {
    this.table = table;
    this.token = token;
  }

  @GetMapping("/vms/{instanceId}/console")
  public ResponseEntity<?> console(
      @PathVariable String instanceId,
      @RequestParam(defaultValue = "0") String from,
      @RequestHeader(value = HttpHeaders.AUTHORIZATION, required = false)
          @Nullable String authorization) {
    if (!token.isIn(authorization)) {
      return problem(
          HttpStatus.UNAUTHORIZED,
          "unauthenticated",
          "send this node's access token: Authorization: Bearer <token>");
    }
    if (!from.matches("[0-9]{1,18}")) {
      return problem(
          HttpStatus.BAD_REQUEST, "invalid_offset", "from must be an offset in bytes, 0 or more");
    }
    Optional<ConsoleRing> console = table.console(instanceId);
    if (console.isEmpty()) {
      return problem(
          HttpStatus.NOT_FOUND,
          "console_unknown",
          "this node has no VM of that instance, and none that ended a short time ago");
    }
    ConsoleRing.Piece piece = console.get().read(Long.parseLong(from), ConsoleRing.CAPACITY_BYTES);
    return ResponseEntity.ok()
        .contentType(TEXT)
        .header("x-console-start", Long.toString(piece.start()))
        .header("x-console-next", Long.toString(piece.next()))
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .body(piece.bytes());
  }

  private static ResponseEntity<ProblemDetail> problem(
      HttpStatus status, String code, String detail) {
    ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
    problem.setProperty("code", code);
    return ResponseEntity.status(status)
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(problem);
  }
}
