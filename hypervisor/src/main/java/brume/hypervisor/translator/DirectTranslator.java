package brume.hypervisor.translator;

import brume.hypervisor.cpu.RegionPlan;
import brume.hypervisor.cpu.TranslatedCode;
import brume.hypervisor.cpu.Translator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/// Translates at once, on the hart's own thread, so that the same program always runs the same way.
///
/// @param worth instructions from a place on after which it is translated
public record DirectTranslator(
    long worth, Function<RegionPlan, TranslatedCode> compiler, Map<RegionPlan, TranslatedCode> made)
    implements Translator {
  public DirectTranslator(long worth, TranslationKind kind) {
    this(worth, kind::compile, new HashMap<>());
  }

  @Override
  public boolean translate(RegionPlan plan, Consumer<TranslatedCode> ready) {
    ready.accept(made.computeIfAbsent(plan, compiler));
    return true;
  }
}
