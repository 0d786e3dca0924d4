package brume.compute.web;

import brume.compute.access.AccessInterceptor;
import brume.compute.access.Action;
import brume.compute.access.Caller;
import brume.compute.audit.AuditTrail;
import brume.compute.refusal.Fields;
import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;

/// The one place where what went wrong becomes an answer of the REST door.
@RestControllerAdvice
final class Problems {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  private final AuditTrail audit;

  Problems(AuditTrail audit) {
    this.audit = audit;
  }

  @ExceptionHandler
  ResponseEntity<Problem> refused(Refused refused, HttpServletRequest request) {
    return answer(refused.refusal(), request);
  }

  @ExceptionHandler
  ResponseEntity<Problem> unreadable(
      HttpMessageNotReadableException fault, HttpServletRequest request) {
    for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
      if (cause instanceof Refused refused) {
        return answer(refused.refusal(), request);
      }
      if (cause instanceof JacksonException json) {
        return answer(JsonFaults.refusal(json), request);
      }
    }
    return answer(
        new Refusal.Invalid("missing_field", null, "the body is missing: send a JSON object"),
        request);
  }

  @ExceptionHandler
  ResponseEntity<Problem> path(NoResourceFoundException fault, HttpServletRequest request) {
    String path = Fields.shown(request.getRequestURI());
    return answer(
        new Refusal.NotFound(
            "path_not_found", null, "there is nothing at " + path + ": /openapi.yaml lists all"),
        request);
  }

  @ExceptionHandler
  ResponseEntity<Problem> method(
      HttpRequestMethodNotSupportedException fault, HttpServletRequest request) {
    String[] supported = fault.getSupportedMethods();
    String allowed = supported == null ? "" : String.join(", ", Arrays.stream(supported).toList());
    ResponseEntity<Problem> answer =
        answer(
            new Refusal.Unfit(
                Refusal.Form.METHOD,
                Fields.shown(fault.getMethod()) + " is not possible here, but " + allowed),
            request);
    HttpHeaders headers = new HttpHeaders(answer.getHeaders());
    headers.set(HttpHeaders.ALLOW, allowed);
    return ResponseEntity.status(answer.getStatusCode()).headers(headers).body(answer.getBody());
  }

  /// A query that the server itself can't take apart, such as one with a parameter without a name.
  @ExceptionHandler
  ResponseEntity<Problem> query(InvalidParameterException fault, HttpServletRequest request) {
    return answer(
        new Refusal.Invalid(
            "malformed_request",
            null,
            "the query is not well-formed: each parameter is name=value, in UTF-8 and escaped"),
        request);
  }

  @ExceptionHandler
  ResponseEntity<Problem> bodyType(
      HttpMediaTypeNotSupportedException fault, HttpServletRequest request) {
    String given = fault.getContentType() == null ? "none" : fault.getContentType().toString();
    return answer(
        new Refusal.Unfit(
            Refusal.Form.BODY_TYPE,
            "the Content-Type must be application/json, not " + Fields.shown(given)),
        request);
  }

  @ExceptionHandler
  ResponseEntity<Problem> answerType(
      HttpMediaTypeNotAcceptableException fault, HttpServletRequest request) {
    return answer(
        new Refusal.Unfit(
            Refusal.Form.ANSWER_TYPE,
            "this answers " + fault.getSupportedMediaTypes() + ", which Accept does not allow"),
        request);
  }

  @ExceptionHandler
  ResponseEntity<Problem> parameter(
      MissingServletRequestParameterException fault, HttpServletRequest request) {
    String name = fault.getParameterName();
    return answer(
        new Refusal.Invalid("missing_field", name, name + " is missing from the query"), request);
  }

  @ExceptionHandler
  ResponseEntity<Problem> parameterType(
      MethodArgumentTypeMismatchException fault, HttpServletRequest request) {
    Class<?> type = fault.getRequiredType();
    boolean number = type == int.class || type == long.class || type == Long.class;
    String wanted = number ? " must be a whole number" : " has a value of the wrong type";
    return answer(
        new Refusal.Invalid("wrong_type", fault.getName(), fault.getName() + wanted), request);
  }

  @ExceptionHandler({
    DataAccessResourceFailureException.class,
    TransientDataAccessException.class,
    CannotCreateTransactionException.class
  })
  ResponseEntity<Problem> databaseAway(Exception fault, HttpServletRequest request) {
    LOG.warn("database away at {}: {}", request.getRequestURI(), fault.getMessage());
    return answer(
        new Refusal.Unavailable(
            "database_unavailable", "the cloud's database does not answer; ask again"),
        request);
  }

  /// The client went away before its answer was written: there is no one to tell.
  @ExceptionHandler
  void gone(AsyncRequestNotUsableException fault) {
    LOG.debug("a client went away: {}", fault.getMessage());
  }

  @ExceptionHandler
  ResponseEntity<Problem> bug(Exception fault, HttpServletRequest request) {
    String requestId = requestId(request);
    LOG.error("request {} failed", requestId, fault);
    Problem problem = Problem.internal(requestId);
    return ResponseEntity.status(problem.status())
        .contentType(MediaType.parseMediaType(Problem.MEDIA_TYPE))
        .body(problem);
  }

  private ResponseEntity<Problem> answer(Refusal refusal, HttpServletRequest request) {
    if (request.getAttribute(AccessInterceptor.CALLER) instanceof Caller caller
        && request.getAttribute(AccessInterceptor.ACTION) instanceof Action action) {
      audit.refused(caller, action, refusal);
    }
    Problem problem = Problem.of(refusal, requestId(request));
    ResponseEntity.BodyBuilder answer =
        ResponseEntity.status(problem.status())
            .contentType(MediaType.parseMediaType(Problem.MEDIA_TYPE));
    if (refusal instanceof Refusal.Busy busy) {
      answer.header(HttpHeaders.RETRY_AFTER, Integer.toString(busy.retryAfterSeconds()));
    }
    if (refusal instanceof Refusal.Unauthenticated) {
      answer.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"brume\"");
    }
    return answer.body(problem);
  }

  private static String requestId(HttpServletRequest request) {
    return String.valueOf(request.getAttribute(AccessInterceptor.REQUEST_ID));
  }
}
