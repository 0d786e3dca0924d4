package brume.hypervisor.translator;

import brume.hypervisor.cpu.RegionPlan;
import brume.hypervisor.cpu.TranslatedCode;
import brume.hypervisor.cpu.Translator;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Translates on a thread of its own and remembers what it made by the guest code it made it of, so
/// that guests of one image pay once. The least recently used go first; code that some guest still
/// runs lives on with it.
public final class BackgroundTranslator implements Translator {
  /// The property that switches translation off (`off`), or to bytecode where machine code were
  /// possible (`bytecode`), for comparison.
  public static final String PROPERTY = "brume.translator";

  private static final System.Logger LOG = System.getLogger(BackgroundTranslator.class.getName());

  private static final int WAITING_MAX = 4_096;
  private static final int KEPT_MAX = 8_192;
  private static final @Nullable BackgroundTranslator OF_PROCESS =
      "off".equals(System.getProperty(PROPERTY))
          ? null
          : new BackgroundTranslator(KEPT_MAX, chosen());

  private final long worth;
  private final boolean cheap;
  private final int keptMax;
  private final Function<RegionPlan, TranslatedCode> compiler;
  private final LongAdder regions = new LongAdder();
  private final LongAdder instructions = new LongAdder();
  private final LongAdder compileNanos = new LongAdder();
  private final LongAdder shared = new LongAdder();
  private final LongAdder evictions = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final Map<RegionPlan, TranslatedCode> kept =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<RegionPlan, TranslatedCode> eldest) {
          boolean full = size() > keptMax;
          if (full) {
            evictions.increment();
          }
          return full;
        }
      };
  private final ThreadPoolExecutor worker =
      new ThreadPoolExecutor(
          1,
          1,
          1,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING_MAX),
          Thread.ofPlatform().daemon().name("translator").factory());

  private BackgroundTranslator(int keptMax, TranslationKind kind) {
    this(
        keptMax,
        Long.getLong("brume.translator.worth", kind.worth()),
        kind.isCheap(),
        kind::compile);
  }

  BackgroundTranslator(
      int keptMax, long worth, boolean cheap, Function<RegionPlan, TranslatedCode> compiler) {
    this.cheap = cheap;
    this.keptMax = keptMax;
    this.worth = worth;
    this.compiler = compiler;
    worker.allowCoreThreadTimeOut(true);
  }

  private static TranslationKind chosen() {
    boolean machineCode =
        !"bytecode".equals(System.getProperty(PROPERTY))
            && TranslationKind.MACHINE_CODE.isPossible();
    return machineCode ? TranslationKind.MACHINE_CODE : TranslationKind.BYTECODE;
  }

  /// The one that all machines of this process share; null where translation is switched off.
  public static @Nullable BackgroundTranslator ofProcess() {
    return OF_PROCESS;
  }

  /// Of the one that all machines share; nothing where translation is switched off.
  public static TranslatorStatistics statisticsOfProcess() {
    return OF_PROCESS == null ? TranslatorStatistics.NONE : OF_PROCESS.statistics();
  }

  TranslatorStatistics statistics() {
    int keptNow;
    synchronized (kept) {
      keptNow = kept.size();
    }
    return new TranslatorStatistics(
        regions.sum(),
        instructions.sum(),
        compileNanos.sum(),
        shared.sum(),
        evictions.sum(),
        failures.sum(),
        keptNow,
        worker.getQueue().size());
  }

  @Override
  public long worth() {
    return worth;
  }

  @Override
  public boolean isCheap() {
    return cheap;
  }

  @Override
  public boolean translate(RegionPlan plan, Consumer<TranslatedCode> ready) {
    TranslatedCode known = find(plan);
    if (known != null) {
      shared.increment();
      ready.accept(known);
      return true;
    }
    try {
      worker.execute(() -> makeOrShare(plan, ready));
      return true;
    } catch (RejectedExecutionException full) {
      return false;
    }
  }

  private void makeOrShare(RegionPlan plan, Consumer<TranslatedCode> ready) {
    TranslatedCode code = find(plan);
    if (code == null) {
      code = make(plan);
      if (code == null) {
        return;
      }
      keep(plan, code);
    } else {
      shared.increment();
    }
    ready.accept(code);
  }

  /// Null where it can't be: the guest's code stays interpreted, and the operator is told, of the
  /// first with its cause. A guest may make as many as it likes, so the others are only counted.
  private @Nullable TranslatedCode make(RegionPlan plan) {
    long began = System.nanoTime();
    TranslatedCode code;
    try {
      code = compiler.apply(plan);
    } catch (RuntimeException | LinkageError | VirtualMachineError e) {
      failures.increment();
      if (failures.sum() == 1) {
        LOG.log(
            Level.ERROR,
            "a region of %d instructions stays interpreted".formatted(plan.operations().size()),
            e);
      }
      return null;
    }
    compileNanos.add(System.nanoTime() - began);
    regions.increment();
    instructions.add(plan.operations().size());
    return code;
  }

  private @Nullable TranslatedCode find(RegionPlan plan) {
    synchronized (kept) {
      return kept.get(plan);
    }
  }

  private void keep(RegionPlan plan, TranslatedCode code) {
    synchronized (kept) {
      kept.put(plan, code);
    }
  }
}
