package brume.bench.parts;

import brume.hypervisor.translator.DirectTranslator;
import brume.hypervisor.translator.TranslationKind;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Nanoseconds for an instruction in each [GuestLoop], interpreted and translated.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HartBenchmark {
  private static final int INSTRUCTIONS = 1_000_000;
  private static final long WORTH = 10_000;

  @Param public GuestLoop loop = GuestLoop.ARITHMETIC;

  @Param({"off", "on"})
  public String translator = "off";

  private SmallMachine machine = new SmallMachine(null);

  @Setup
  public void prepare() {
    machine =
        new SmallMachine(
            translator.equals("on") ? new DirectTranslator(WORTH, TranslationKind.BYTECODE) : null);
    machine.write(loop.code());
  }

  @TearDown
  public void close() {
    machine.close();
  }

  @Benchmark
  @OperationsPerInvocation(INSTRUCTIONS)
  public long instruction() {
    return machine.hart.run(INSTRUCTIONS);
  }
}
