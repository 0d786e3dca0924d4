package brume.compute.serial;

import brume.compute.access.Caller;
import brume.compute.access.Needs;
import brume.compute.instance.InstanceQueries;
import brume.compute.instance.NodeConsole;
import brume.compute.refusal.Refused;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Extension;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/// `/v1/instances/{id}/serial`: an operation as all others up to the moment where the connection
/// becomes a WebSocket (RFC 6455). No page of another origin can open it: none can send the
/// `Authorization` header, and with a session's cookie the origin is asked for.
@RestController
class SerialController {
  private final SerialAccess access;
  private final NodeConsole nodes;
  private final JsonMapper json;
  private final SerialPlaces places = new SerialPlaces();

  SerialController(SerialAccess access, NodeConsole nodes, JsonMapper json) {
    this.access = access;
    this.nodes = nodes;
    this.json = json;
  }

  @GetMapping("/v1/instances/{instanceId}/serial")
  @Needs(SerialAccess.OPEN)
  void open(
      Caller caller,
      @PathVariable("instanceId") String id,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException, ServletException {
    NodeConsole.Line line = access.line(caller, InstanceQueries.checked(id));
    if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))
        || !"13".equals(request.getHeader("Sec-WebSocket-Version"))) {
      throw Refused.invalid(
          "not_a_websocket",
          "Upgrade",
          "a serial console is a WebSocket: send Upgrade: websocket and Sec-WebSocket-Version: 13");
    }
    SerialSession session = new SerialSession(access, nodes, places, json, caller, line);
    ServerEndpointConfig config =
        ServerEndpointConfig.Builder.create(SerialSession.class, "/serial")
            .configurator(new OneEndpoint(session))
            .build();
    ServerContainer container =
        (ServerContainer) request.getServletContext().getAttribute(ServerContainer.class.getName());
    try {
      container.upgradeHttpToWebSocket(request, response, config, Map.of());
    } catch (DeploymentException bug) {
      throw new IllegalStateException(bug);
    }
  }

  /// Gives the session that was made for this request. Without extensions a frame is as long in
  /// memory as it was on the line.
  private static final class OneEndpoint extends ServerEndpointConfig.Configurator {
    private final SerialSession session;

    OneEndpoint(SerialSession session) {
      this.session = session;
    }

    @Override
    public <T> T getEndpointInstance(Class<T> type) {
      return type.cast(session);
    }

    @Override
    public List<Extension> getNegotiatedExtensions(
        List<Extension> installed, List<Extension> requested) {
      return List.of();
    }
  }
}
