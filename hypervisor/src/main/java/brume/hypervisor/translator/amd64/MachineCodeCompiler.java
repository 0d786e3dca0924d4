package brume.hypervisor.translator.amd64;

import brume.hypervisor.cpu.RegionPlan;
import brume.hypervisor.cpu.TranslatedCode;

/// From a plan to machine code.
public final class MachineCodeCompiler {
  private MachineCodeCompiler() {}

  /// Whether this process may make machine code for the processor it runs on.
  public static boolean isPossible() {
    return MachineCode.isPossible();
  }

  /// Throws IllegalStateException where the memory for code is full.
  public static TranslatedCode compile(RegionPlan plan) {
    return MachineCode.compile(plan);
  }
}
