package brume.scheduler.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import tools.jackson.core.JacksonException;

/// What a request may fail with, as problems. What is none of these is a bug: it is logged with its
/// stack, and the caller reads no more than the request's id.
@RestControllerAdvice
public final class ProblemAdvice {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);
  private static final int PATH_LENGTH_MAX = 100;

  private final ProblemWriter problems;

  public ProblemAdvice(ProblemWriter problems) {
    this.problems = problems;
  }

  @ExceptionHandler(Exception.class)
  void answer(Exception failure, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    problems.write(request, response, of(failure, request));
  }

  private static Problem of(Exception failure, HttpServletRequest request) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProblemException known) {
        return known.problem();
      }
    }
    return switch (failure) {
      case HttpMessageNotReadableException unreadable -> malformed(unreadable);
      case ErrorResponse refused -> refused(refused.getStatusCode().value());
      case DataAccessException database -> unavailable(database);
      case TransactionException database -> unavailable(database);
      default -> {
        LOG.error("{} {}", request.getMethod(), request.getRequestURI(), failure);
        yield new Problem(
            500, "internal", "Internal error", "this is a bug: report the request id", null);
      }
    };
  }

  private static Problem unavailable(Exception database) {
    LOG.warn("the database refused a request: {}", database.toString());
    return Problem.unavailable();
  }

  /// What Spring itself refuses, such as a wrong method or content type.
  private static Problem refused(int status) {
    if (status == 404) {
      return Problem.notFound();
    }
    HttpStatus known = HttpStatus.resolve(status);
    String title = known == null ? "Refused" : known.getReasonPhrase();
    String code = title.toLowerCase(Locale.ROOT).replace(' ', '_');
    return new Problem(status, code, title, "send JSON, as POST, with its content type", null);
  }

  /// Names the field or the line, and quotes nothing of the input or of our code.
  private static Problem malformed(HttpMessageNotReadableException unreadable) {
    String field = null;
    String place = "";
    for (Throwable cause = unreadable; cause != null; cause = cause.getCause()) {
      if (cause instanceof IllegalArgumentException limit && limit.getMessage() != null) {
        return Problem.malformed(limit.getMessage(), field);
      }
      if (cause instanceof JacksonException at) {
        String path = path(at);
        field = path.isEmpty() ? field : path;
        place = at.getLocation() == null ? place : ", line " + at.getLocation().getLineNr();
      }
    }
    return Problem.malformed(
        "the body is not the JSON that is expected"
            + place
            + (field == null ? "" : ": " + field + " is missing or of another type"),
        field);
  }

  private static String path(JacksonException at) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference step : at.getPath()) {
      if (step.getPropertyName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
      }
    }
    return path.length() <= PATH_LENGTH_MAX ? path.toString() : "";
  }
}
