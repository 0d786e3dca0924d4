package brume.billing.web;

import brume.billing.archive.ArchiveRefused;
import brume.billing.invoice.MonthArchived;
import brume.billing.invoice.PriceMissing;
import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/// The one place where what went wrong becomes an answer.
@RestControllerAdvice
class Problems {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  @ExceptionHandler
  ResponseEntity<Problem> refused(Refused refused, HttpServletRequest request) {
    return answer(refused.problem(RequestId.of(request)));
  }

  @ExceptionHandler
  ResponseEntity<Problem> notFound(NoResourceFoundException e, HttpServletRequest request) {
    return answer(
        request,
        HttpStatus.NOT_FOUND,
        "path_not_found",
        "there is nothing at " + request.getMethod() + " " + request.getRequestURI());
  }

  @ExceptionHandler
  ResponseEntity<Problem> method(
      HttpRequestMethodNotSupportedException e, HttpServletRequest request) {
    return answer(
        request,
        HttpStatus.METHOD_NOT_ALLOWED,
        "method_not_allowed",
        request.getRequestURI() + " takes " + e.getSupportedHttpMethods());
  }

  @ExceptionHandler
  ResponseEntity<Problem> priceMissing(PriceMissing e, HttpServletRequest request) {
    LOG.error("{}", e.getMessage());
    return answer(
        request, HttpStatus.INTERNAL_SERVER_ERROR, "price_missing", String.valueOf(e.getMessage()));
  }

  @ExceptionHandler
  ResponseEntity<Problem> archived(MonthArchived e, HttpServletRequest request) {
    return answer(request, HttpStatus.CONFLICT, "usage_archived", String.valueOf(e.getMessage()));
  }

  @ExceptionHandler
  ResponseEntity<Problem> notArchived(ArchiveRefused e, HttpServletRequest request) {
    return answer(request, HttpStatus.CONFLICT, "archive_refused", String.valueOf(e.getMessage()));
  }

  @ExceptionHandler({DataAccessException.class, TransactionException.class})
  ResponseEntity<Problem> database(Exception e, HttpServletRequest request) {
    LOG.error("request {} failed at the database: {}", RequestId.of(request), e.getMessage());
    return answer(
        request,
        HttpStatus.SERVICE_UNAVAILABLE,
        "database_unavailable",
        "billing's database does not answer: try again in a few seconds");
  }

  @ExceptionHandler
  ResponseEntity<Problem> bug(Exception e, HttpServletRequest request) {
    LOG.error("request {} failed", RequestId.of(request), e);
    return answer(
        request,
        HttpStatus.INTERNAL_SERVER_ERROR,
        "internal_error",
        "this is a fault of the service; its log has the request id");
  }

  private static ResponseEntity<Problem> answer(
      HttpServletRequest request, HttpStatus status, String code, String detail) {
    return answer(Problem.of(status, code, detail, null, RequestId.of(request)));
  }

  private static ResponseEntity<Problem> answer(Problem problem) {
    ResponseEntity.BodyBuilder answer =
        ResponseEntity.status(problem.status()).contentType(MediaType.APPLICATION_PROBLEM_JSON);
    if (problem.status() == HttpStatus.UNAUTHORIZED.value()) {
      answer.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"brume\"");
    }
    return answer.body(problem);
  }
}
