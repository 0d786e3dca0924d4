package brume.billing.web;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/// An expected refusal on its way to the client. It is no bug, so it has no stack trace.
final class Refused extends RuntimeException {
  private final transient HttpStatus status;
  private final String code;
  private final @Nullable String field;

  private Refused(HttpStatus status, String code, @Nullable String field, String detail) {
    super(detail, null, false, false);
    this.status = status;
    this.code = code;
    this.field = field;
  }

  static Refused unauthenticated(String detail) {
    return new Refused(HttpStatus.UNAUTHORIZED, "unauthenticated", null, detail);
  }

  static Refused invalid(String field, String detail) {
    return new Refused(HttpStatus.BAD_REQUEST, "invalid_value", field, detail);
  }

  static Refused unknownParameter(String field, String detail) {
    return new Refused(HttpStatus.BAD_REQUEST, "unknown_parameter", field, detail);
  }

  static Refused forbidden(String detail) {
    return new Refused(HttpStatus.FORBIDDEN, "forbidden", null, detail);
  }

  static Refused notFound(String code, String field, String detail) {
    return new Refused(HttpStatus.NOT_FOUND, code, field, detail);
  }

  static Refused conflict(String code, String field, String detail) {
    return new Refused(HttpStatus.CONFLICT, code, field, detail);
  }

  static Refused unavailable(String code, String detail) {
    return new Refused(HttpStatus.SERVICE_UNAVAILABLE, code, null, detail);
  }

  static Refused notAcceptable(String detail) {
    return new Refused(HttpStatus.NOT_ACCEPTABLE, "not_acceptable", null, detail);
  }

  Problem problem(String requestId) {
    return Problem.of(status, code, String.valueOf(getMessage()), field, requestId);
  }
}
