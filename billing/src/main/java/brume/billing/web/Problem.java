package brume.billing.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/// Why a request was refused (RFC 9457).
///
/// @param code stable, for programs
/// @param detail for people: what is wrong and what to do
/// @param field what is at fault, where one thing is
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
    String type,
    String title,
    int status,
    String code,
    String detail,
    @Nullable String field,
    String requestId) {
  static Problem of(
      HttpStatus status, String code, String detail, @Nullable String field, String requestId) {
    return new Problem(
        "about:blank", status.getReasonPhrase(), status.value(), code, detail, field, requestId);
  }
}
