package brume.compute.instance;

import brume.compute.access.Caller;
import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import java.util.Arrays;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// What a guest wrote: live from its node while it has a VM, else what the scheduler kept of its
/// last one.
@Component
public class ConsoleQueries {
  private static final Output NOTHING = new Output(new byte[0], 0, 0, "none");

  /// @param next the offset behind the last byte
  /// @param epoch of the start that wrote it; 0 for none
  /// @param source `live`, `saved` or `none`
  @SuppressWarnings("ArrayRecordComponent") // carried to the answer, never compared
  public record Output(byte[] text, long next, long epoch, String source) {}

  private final InstanceQueries instances;
  private final NodeConsole nodes;
  private final JdbcClient database;

  ConsoleQueries(InstanceQueries instances, NodeConsole nodes, JdbcClient database) {
    this.instances = instances;
    this.nodes = nodes;
    this.database = database;
  }

  public Output read(Caller caller, String id, long from) {
    Fact fact = instances.require(caller, id).fact();
    if (fact == null) {
      return NOTHING;
    }
    Fact.Vm vm = fact.vm();
    if (vm != null && vm.state().isEnd()) {
      return saved(id, from).orElse(empty(fact));
    }
    if (!fact.allocated()) {
      return saved(id, from).orElse(empty(fact));
    }
    return switch (nodes.read(fact.place(), id, from)) {
      case NodeConsole.Answer.Text live ->
          new Output(live.text(), live.next(), fact.epoch(), "live");
      case NodeConsole.Answer.NoVm none -> empty(fact);
      case NodeConsole.Answer.Taken none -> empty(fact);
      case NodeConsole.Answer.Away away ->
          saved(id, from)
              .orElseThrow(() ->
                  new Refused(
                      new Refusal.Unavailable(
                          "node_unavailable",
                          "node "
                              + fact.place().nodeName()
                              + " does not answer, and no earlier output of "
                              + id
                              + " is kept; ask again")));
    };
  }

  private static Output empty(Fact fact) {
    return new Output(new byte[0], 0, fact.epoch(), "none");
  }

  /// Offsets count from the first byte that was kept, which is the guest's first unless it wrote
  /// more than is kept.
  private Optional<Output> saved(String id, long from) {
    return database
        .sql("SELECT epoch, console FROM scheduling.instance_console WHERE instance_id = ?")
        .param(id)
        .query((row, number) -> {
          byte[] text = row.getBytes("console");
          int start = (int) Math.min(from, text.length);
          return new Output(
              Arrays.copyOfRange(text, start, text.length),
              text.length,
              row.getLong("epoch"),
              "saved");
        })
        .optional();
  }
}
