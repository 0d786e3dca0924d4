package brume.hypervisor.debug;

import brume.hypervisor.cpu.Hart;
import brume.hypervisor.machine.HartRunner;
import brume.hypervisor.machine.MachineConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/// Where a guest's instructions go, by symbol: about every ten thousand instructions of a hart its
/// call stack is looked at; the end writes a flame graph. The guest runs as fast as ever in
/// between, and cannot tell.
public final class GuestProfile implements HartRunner {
  /// Instructions between two looks, on the average.
  static final int INTERVAL = 10_000;

  private final FlameGraph graph = new FlameGraph();
  private final CallStack stacks;

  /// By hart, each its own thread's: instructions since its last sample, and from there to the
  /// next.
  private final long[] since = new long[MachineConfig.HARTS_MAX];

  private final long[] interval = new long[MachineConfig.HARTS_MAX];
  private final SplittableRandom[] random = new SplittableRandom[MachineConfig.HARTS_MAX];

  public GuestProfile(SymbolTable symbols) {
    this.stacks = new CallStack(symbols);
    for (int hart = 0; hart < random.length; hart++) {
      random[hart] = new SplittableRandom(hart);
      interval[hart] = nextInterval(hart);
    }
  }

  /// Irregular, or it would fall into step with what the machine does after so many instructions.
  private long nextInterval(int hart) {
    return random[hart].nextInt(INTERVAL / 2, INTERVAL * 3 / 2);
  }

  @Override
  public boolean seesEachInstruction() {
    return false;
  }

  @Override
  public long run(Hart hart, long budget) {
    int id = hart.id();
    long done = 0;
    while (done < budget) {
      long piece = Math.min(budget - done, Math.max(1, interval[id] - since[id]));
      long ran = hart.run(piece);
      done += ran;
      since[id] += ran;
      if (since[id] >= interval[id]) {
        sample(stacks.of(hart), since[id]);
        since[id] = 0;
        interval[id] = nextInterval(id);
      }
      if (ran < piece) {
        break;
      }
    }
    return done;
  }

  private synchronized void sample(List<String> stack, long weight) {
    graph.add(stack, weight);
  }

  /// A page for a name that ends in `.html`, else a drawing in SVG.
  public synchronized void write(Path file) throws IOException {
    String title = "%,d instructions, one look in %,d".formatted(graph.total(), INTERVAL);
    boolean page = file.getFileName().toString().endsWith(".html");
    Files.writeString(file, page ? graph.html(title) : graph.svg(title));
  }
}
