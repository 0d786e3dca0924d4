package brume.bench.parts;

import brume.hypervisor.cpu.Encoding;
import brume.hypervisor.cpu.RegionPlan;
import brume.hypervisor.translator.DirectTranslator;
import brume.hypervisor.translator.TranslationKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/// What code costs that is new: nanoseconds for an instruction.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class NewCodeBenchmark {
  private static final int STRAIGHT = 16_384;
  private static final int REGION = 64;
  private static final int ADD_ONE = 0x00128293; // addi t0, t0, 1

  private final List<Integer> straight = Collections.nCopies(STRAIGHT, ADD_ONE);
  private final RegionPlan plan = plan();
  private final SmallMachine machine = new SmallMachine(null);

  /// A loop of additions.
  private static RegionPlan plan() {
    List<RegionPlan.Operation> operations = new ArrayList<>();
    for (int i = 0; i < REGION - 1; i++) {
      operations.add(operation(4 * i, ADD_ONE, RegionPlan.NOWHERE));
    }
    int back = new GuestLoop.Assembler().jump(-4 * (REGION - 1)).first();
    operations.add(operation(4 * (REGION - 1), back, 0));
    return new RegionPlan(0, operations, Set.of(), false);
  }

  private static RegionPlan.Operation operation(int offset, int bits, int target) {
    for (Encoding encoding : Encoding.values()) {
      if (encoding.matches(bits)) {
        return new RegionPlan.Operation(offset, 4, bits, encoding, target, List.of());
      }
    }
    throw new IllegalStateException("no encoding matches " + Integer.toHexString(bits));
  }

  @TearDown
  public void close() {
    machine.close();
  }

  /// Written, decoded and run once.
  @Benchmark
  @OperationsPerInvocation(STRAIGHT)
  public long decoded() {
    machine.write(straight);
    return machine.hart.run(STRAIGHT);
  }

  /// Bytecode made, loaded and verified; not yet run, and not yet compiled by the JVM.
  @Benchmark
  @OperationsPerInvocation(REGION)
  public void translated(Blackhole made) {
    new DirectTranslator(1, TranslationKind.BYTECODE).translate(plan, made::consume);
  }
}
