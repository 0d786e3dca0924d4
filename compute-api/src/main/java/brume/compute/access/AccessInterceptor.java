package brume.compute.access;

import brume.compute.refusal.Refused;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/// The one gate before every operation of `/v1`: who asks, and whether they may. It stands before
/// anything of the body is read.
@Component
public class AccessInterceptor implements HandlerInterceptor {
  /// The request attribute that holds the [Caller] once it is known who asks.
  public static final String CALLER = Caller.class.getName();

  /// The request attribute that holds the [Action] that is asked for.
  public static final String ACTION = Action.class.getName();

  /// The request attribute that holds the request's id.
  public static final String REQUEST_ID = "brume.requestId";

  private static final String KEY_HEADER = "Idempotency-Key";
  private static final Pattern KEY = Pattern.compile("[!-~]{1,128}");

  private final Authentication authentication;
  private final Gate gate;

  AccessInterceptor(Authentication authentication, Gate gate) {
    this.authentication = authentication;
    this.gate = gate;
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (!(handler instanceof HandlerMethod method)) {
      return true; // no operation: the path is not known and answers 404 by itself
    }
    if (request.getDispatcherType() == DispatcherType.ASYNC) {
      return true; // it passed when it came in, and what it answers is written now
    }
    Needs needs = method.getMethodAnnotation(Needs.class);
    if (needs == null) {
      throw new IllegalStateException(method + " does not say what right it needs");
    }
    Action action = Action.of(needs.value());
    if (action.right() == Right.ANYBODY) {
      return true;
    }
    Authentication.Shown shown = authentication.shown(request);
    Caller caller =
        new Caller(
            authentication.principal(shown.bearer()),
            String.valueOf(request.getAttribute(REQUEST_ID)),
            null,
            shown.bearer(),
            shown.sessionId(),
            request.getRemoteAddr());
    // Before the gate, so that a refusal there is known to be this caller's.
    request.setAttribute(ACTION, action);
    request.setAttribute(CALLER, caller);
    gate.pass(caller.principal(), action);
    request.setAttribute(CALLER, caller.withKey(key(request.getHeader(KEY_HEADER))));
    return true;
  }

  private static @Nullable String key(@Nullable String header) {
    if (header != null && !KEY.matcher(header).matches()) {
      throw Refused.invalid(
          KEY_HEADER, KEY_HEADER + " must have 1 to 128 printable ASCII characters without spaces");
    }
    return header;
  }
}
