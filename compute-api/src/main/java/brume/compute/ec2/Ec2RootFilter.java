package brume.compute.ec2;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/// Lets a form that is sent to `/` in at the EC2 door: AWS' SDK for Java leaves out the path of an
/// endpoint that it is given, and other clients may be given one without a path. Nothing else at
/// `/` takes forms.
final class Ec2RootFilter extends OncePerRequestFilter {
  private final Ec2Servlet door;

  Ec2RootFilter(Ec2Servlet door) {
    this.door = door;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !request.getRequestURI().equals("/") || !(isForm(request) || isQuery(request));
  }

  private static boolean isForm(HttpServletRequest request) {
    String type = request.getContentType();
    return request.getMethod().equals("POST")
        && type != null
        && type.startsWith("application/x-www-form-urlencoded");
  }

  private static boolean isQuery(HttpServletRequest request) {
    String query = request.getQueryString();
    return request.getMethod().equals("GET")
        && query != null
        && (query.startsWith("Action=") || query.contains("&Action="));
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    door.service(request, response);
  }
}
