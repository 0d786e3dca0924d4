package brume.compute.web;

import brume.compute.access.AccessInterceptor;
import brume.compute.refusal.Refusal;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// What failed outside of any operation, as the same kind of answer.
@RestController
class FaultController implements ErrorController {
  @RequestMapping("/error")
  ResponseEntity<Problem> fault(HttpServletRequest request) {
    Object code = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    HttpStatus status = code instanceof Integer number ? HttpStatus.resolve(number) : null;
    String requestId = String.valueOf(request.getAttribute(AccessInterceptor.REQUEST_ID));
    Problem problem;
    if (status == null || status == HttpStatus.NOT_FOUND) {
      problem =
          Problem.of(
              new Refusal.NotFound("path_not_found", null, "there is nothing here"), requestId);
    } else if (status.is4xxClientError()) {
      problem =
          Problem.of(
              new Refusal.Invalid("invalid_value", null, "the request is not well-formed"),
              requestId);
    } else {
      problem = Problem.internal(requestId);
    }
    return ResponseEntity.status(problem.status())
        .contentType(MediaType.parseMediaType(Problem.MEDIA_TYPE))
        .body(problem);
  }
}
