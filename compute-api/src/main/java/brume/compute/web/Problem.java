package brume.compute.web;

import brume.compute.refusal.Refusal;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/// A refusal as the REST door shows it (RFC 9457).
public record Problem(
    String type,
    String title,
    int status,
    String code,
    String detail,
    @Nullable String field,
    String requestId) {
  public static final String MEDIA_TYPE = "application/problem+json";

  static Problem of(Refusal refusal, String requestId) {
    HttpStatus status = status(refusal);
    return new Problem(
        "about:blank",
        status.getReasonPhrase(),
        status.value(),
        refusal.code(),
        refusal.detail(),
        refusal.field(),
        requestId);
  }

  /// A bug of ours: the client learns nothing but the id to report.
  static Problem internal(String requestId) {
    HttpStatus status = HttpStatus.INTERNAL_SERVER_ERROR;
    return new Problem(
        "about:blank",
        status.getReasonPhrase(),
        status.value(),
        "internal_error",
        "this is a fault of the cloud and not of the request; report request id " + requestId,
        null,
        requestId);
  }

  static HttpStatus status(Refusal refusal) {
    return switch (refusal) {
      case Refusal.Malformed m -> HttpStatus.BAD_REQUEST;
      case Refusal.Invalid i -> HttpStatus.BAD_REQUEST;
      case Refusal.Unauthenticated u -> HttpStatus.UNAUTHORIZED;
      case Refusal.Forbidden f -> HttpStatus.FORBIDDEN;
      case Refusal.NotFound n -> HttpStatus.NOT_FOUND;
      case Refusal.Conflict c -> HttpStatus.CONFLICT;
      case Refusal.Spent s -> HttpStatus.PAYMENT_REQUIRED;
      case Refusal.Busy b -> HttpStatus.TOO_MANY_REQUESTS;
      case Refusal.Unavailable u -> HttpStatus.SERVICE_UNAVAILABLE;
      case Refusal.Unfit unfit ->
          switch (unfit.form()) {
            case METHOD -> HttpStatus.METHOD_NOT_ALLOWED;
            case ANSWER_TYPE -> HttpStatus.NOT_ACCEPTABLE;
            case BODY_TYPE -> HttpStatus.UNSUPPORTED_MEDIA_TYPE;
            case BODY_SIZE -> HttpStatus.CONTENT_TOO_LARGE;
            case VERSION -> HttpStatus.PRECONDITION_FAILED;
            case KEY_REUSED -> HttpStatus.UNPROCESSABLE_CONTENT;
          };
    };
  }
}
