package brume.compute.web;

import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/// Refuses a query parameter that the operation does not know: a list with a misspelled filter left
/// out would look like the right one.
final class ParameterInterceptor implements HandlerInterceptor {
  private final Map<Method, List<String>> knownByOperation = new ConcurrentHashMap<>();

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (!(handler instanceof HandlerMethod method)
        || method.hasMethodAnnotation(AnyParameters.class)) {
      return true;
    }
    List<String> known =
        knownByOperation.computeIfAbsent(method.getMethod(), ignored -> known(method));
    if (request.getQueryString() == null) {
      return true; // and parameters of a form body are the body's business
    }
    for (String name : request.getParameterMap().keySet()) {
      if (!known.contains(name)) {
        String shown = Fields.shown(name);
        String hint = known.isEmpty() ? "it takes none" : "known are " + String.join(", ", known);
        throw Refused.invalid(
            "unknown_parameter",
            shown,
            "there is no query parameter '" + shown + "' in this operation: " + hint);
      }
      if (request.getParameterValues(name).length > 1 && !mayRepeat(method, name)) {
        throw Refused.invalid(name, name + " may be given once");
      }
    }
    return true;
  }

  private static List<String> known(HandlerMethod method) {
    return Arrays.stream(method.getMethodParameters())
        .flatMap(ParameterInterceptor::names)
        .toList();
  }

  private static boolean mayRepeat(HandlerMethod method, String name) {
    return Arrays.stream(method.getMethodParameters())
        .filter(parameter -> parameter.getParameterType() == Repeated.class)
        .flatMap(ParameterInterceptor::names)
        .anyMatch(name::equals);
  }

  private static Stream<String> names(MethodParameter parameter) {
    if (parameter.getParameterType() == Paging.class) {
      return Paging.PARAMETERS.stream();
    }
    RequestParam annotation = parameter.getParameterAnnotation(RequestParam.class);
    return annotation == null ? Stream.empty() : Stream.of(annotation.value());
  }
}
