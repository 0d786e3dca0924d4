package brume.compute.session;

import brume.compute.access.AccessInterceptor;
import brume.compute.access.Action;
import brume.compute.access.Authentication;
import brume.compute.access.Caller;
import brume.compute.access.ConsoleSessions;
import brume.compute.access.Gate;
import brume.compute.access.Needs;
import brume.compute.access.Principal;
import brume.compute.access.SameOrigin;
import brume.compute.access.SessionSecret;
import brume.compute.refusal.Fields;
import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// `/v1/session`: a browser gives its token once and holds a cookie after that, which no script can
/// read. It has no lifetime of its own, so it goes with the browser; the session's end is kept
/// here.
@RestController
class SessionController {
  private final SignInTries tries = new SignInTries(System::nanoTime);
  private final SessionCommands commands;
  private final SessionQueries queries;
  private final Authentication authentication;
  private final ConsoleSessions sessions;
  private final Gate gate;

  SessionController(
      SessionCommands commands,
      SessionQueries queries,
      Authentication authentication,
      ConsoleSessions sessions,
      Gate gate) {
    this.commands = commands;
    this.queries = queries;
    this.authentication = authentication;
    this.sessions = sessions;
    this.gate = gate;
  }

  /// `POST /v1/session` as it comes in.
  record Body(@Nullable String token) {
    @Override
    public String toString() {
      return "Body";
    }
  }

  @PostMapping(path = "/v1/session", consumes = "application/json")
  @Needs("CreateSession")
  ResponseEntity<SessionView> signIn(@RequestBody Body body, HttpServletRequest request) {
    SameOrigin.requireOwn(request, request.getHeader("Origin"));
    String token = Fields.required("token", body.token());
    Fields.length("token", token, 1, Authentication.TOKEN_LENGTH_MAX);
    Principal principal = principal(token, request.getRemoteAddr());
    gate.pass(principal, Action.of("CreateSession"));
    SessionCommands.Begun begun = commands.begin(caller(principal, token, request));
    return ResponseEntity.status(HttpStatus.CREATED)
        .header(HttpHeaders.SET_COOKIE, cookie(begun.secret().text(), request).build().toString())
        .body(queries.view(principal, begun.expiresAt()));
  }

  private Principal principal(String token, String address) {
    tries.requireRoom(address);
    try {
      return authentication.principal(token);
    } catch (Refused refused) {
      if (refused.refusal() instanceof Refusal.Unauthenticated) {
        tries.wrong(address);
      }
      throw refused;
    }
  }

  @GetMapping("/v1/session")
  @Needs("GetSession")
  SessionView session(Caller caller) {
    String id = caller.sessionId();
    return queries.view(caller.principal(), id == null ? null : queries.expiresAt(id));
  }

  /// Who has signed out already, or whose session is over, is signed out.
  @DeleteMapping("/v1/session")
  @Needs("DeleteSession")
  ResponseEntity<Void> signOut(HttpServletRequest request) {
    SessionSecret secret = ConsoleSessions.secret(request);
    if (secret == null) {
      return ResponseEntity.noContent().build();
    }
    SameOrigin.require(request);
    sessions.find(secret).ifPresent(open -> end(open, request));
    return ResponseEntity.noContent()
        .header(
            HttpHeaders.SET_COOKIE, cookie("", request).maxAge(Duration.ZERO).build().toString())
        .build();
  }

  private void end(ConsoleSessions.Open open, HttpServletRequest request) {
    Principal principal;
    try {
      principal = authentication.principal(open.bearer());
    } catch (Refused ended) {
      commands.end(open.id()); // nobody is left in whose name the trail could tell it
      return;
    }
    commands.end(caller(principal, open.bearer(), request), open.id());
  }

  private static Caller caller(Principal principal, String token, HttpServletRequest request) {
    String requestId = String.valueOf(request.getAttribute(AccessInterceptor.REQUEST_ID));
    return new Caller(principal, requestId, null, token, null, request.getRemoteAddr());
  }

  private static ResponseCookie.ResponseCookieBuilder cookie(
      String value, HttpServletRequest request) {
    return ResponseCookie.from(ConsoleSessions.COOKIE, value)
        .httpOnly(true)
        .sameSite("Strict")
        .path("/")
        .secure(SameOrigin.isSecure(request));
  }
}
