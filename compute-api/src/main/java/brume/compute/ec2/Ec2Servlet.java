package brume.compute.ec2;

import brume.compute.access.AccessInterceptor;
import brume.compute.ec2.signature.SignatureCheck;
import brume.compute.ec2.signature.SignedRequest;
import brume.compute.ec2.signature.Signer;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.Parameters;
import brume.compute.refusal.Refused;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;

/// `/ec2` and `/sts`: takes a request apart, finds its signer, and writes the answer. Whatever goes
/// wrong becomes EC2's form of an error here.
final class Ec2Servlet extends HttpServlet {
  private static final Logger LOG = LoggerFactory.getLogger(Ec2Servlet.class);
  private static final long serialVersionUID = 1L;

  private final transient SignatureCheck signatures;
  private final transient Ec2Door door;
  private final transient StsDoor sts;
  private final boolean stsOnly;

  Ec2Servlet(SignatureCheck signatures, Ec2Door door, StsDoor sts, boolean stsOnly) {
    this.signatures = signatures;
    this.door = door;
    this.sts = sts;
    this.stsOnly = stsOnly;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String requestId = String.valueOf(request.getAttribute(AccessInterceptor.REQUEST_ID));
    Form form = new Form(stsOnly);
    int status = 200;
    byte[] body;
    try {
      body = answer(request, requestId, form);
    } catch (RuntimeException e) {
      Ec2Fault fault = fault(e, requestId);
      status = fault.status();
      body = (form.isSts ? Errors.STS : Errors.EC2).body(fault, requestId);
    }
    response.setStatus(status);
    response.setContentType("text/xml;charset=UTF-8");
    response.setHeader("x-amzn-requestid", requestId);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  /// Whose form the answer has, as soon as that is known.
  private static final class Form {
    private boolean isSts;

    Form(boolean isSts) {
      this.isSts = isSts;
    }
  }

  private static Ec2Fault fault(RuntimeException fault, String requestId) {
    return switch (fault) {
      case Ec2Fault expected -> expected;
      case Refused refused -> Ec2Codes.fault(refused.refusal());
      case DataAccessResourceFailureException away -> away(away);
      case TransientDataAccessException away -> away(away);
      case CannotCreateTransactionException away -> away(away);
      default -> {
        LOG.error("request {} failed", requestId, fault);
        yield new Ec2Fault(
            500, "InternalError", "An internal error has occurred: report " + requestId);
      }
    };
  }

  private static Ec2Fault away(RuntimeException fault) {
    LOG.warn("database away: {}", fault.getMessage());
    return new Ec2Fault(503, "Unavailable", "The database does not answer; try again.");
  }

  private byte[] answer(HttpServletRequest request, String requestId, Form form)
      throws IOException {
    if (request.getPathInfo() != null && !request.getPathInfo().equals("/")) {
      throw new Ec2Fault(
          404, "InvalidAction", "There is nothing at this path: use " + request.getServletPath());
    }
    boolean post = request.getMethod().equals("POST");
    if (!post && !request.getMethod().equals("GET")) {
      throw new Ec2Fault(405, "InvalidAction", "The method must be POST or GET.");
    }
    byte[] body = request.getInputStream().readAllBytes();
    String query = request.getQueryString() == null ? "" : request.getQueryString();
    Parameters parameters = Parameters.parse(query, form(post, request, body));
    form.isSts |= StsDoor.VERSION.equals(parameters.get("Version"));
    String sessionToken = request.getHeader("x-amz-security-token");
    if (sessionToken == null) {
      sessionToken = parameters.get("X-Amz-Security-Token");
    }
    Signer signer =
        signatures.signer(
            form.isSts ? SignatureCheck.Service.STS : SignatureCheck.Service.EC2,
            new SignedRequest(
                request.getMethod(), request.getRequestURI(), query, headers(request), body),
            sessionToken);
    parameters.removeAll("X-Amz-");
    return form.isSts
        ? sts.answer(parameters, signer.principal(), requestId)
        : door.answer(parameters, signer, requestId, request.getRemoteAddr());
  }

  private static String form(boolean post, HttpServletRequest request, byte[] body) {
    if (body.length == 0) {
      return "";
    }
    @Nullable String type = request.getContentType();
    if (!post || type == null || !type.startsWith("application/x-www-form-urlencoded")) {
      throw new Ec2Fault(
          415, "InvalidRequest", "A body must be posted as application/x-www-form-urlencoded.");
    }
    return new String(body, StandardCharsets.ISO_8859_1);
  }

  private static Map<String, List<String>> headers(HttpServletRequest request) {
    Map<String, List<String>> headers = new TreeMap<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      headers.put(name.toLowerCase(Locale.ROOT), Collections.list(request.getHeaders(name)));
    }
    return headers;
  }
}
