package brume.hypervisor.translator;

import brume.hypervisor.cpu.RegionPlan;
import brume.hypervisor.cpu.TranslatedCode;
import brume.hypervisor.translator.amd64.MachineCodeCompiler;

/// Into what guest code is translated.
public enum TranslationKind {
  /// For the JVM's compilers: everywhere.
  BYTECODE,

  /// For the processor itself: where that is one for which we write it.
  MACHINE_CODE;

  /// Whether this process can run what it makes.
  public boolean isPossible() {
    return this == BYTECODE || MachineCodeCompiler.isPossible();
  }

  /// As [brume.hypervisor.cpu.Translator#isCheap] says.
  boolean isCheap() {
    return this == MACHINE_CODE;
  }

  TranslatedCode compile(RegionPlan plan) {
    return this == BYTECODE ? RegionCompiler.compile(plan) : MachineCodeCompiler.compile(plan);
  }

  /// How many instructions must have been interpreted from a place on before it is translated: as
  /// many as the interpreter does in the time that making it takes, so that who pays rent until it
  /// is the price of buying never pays more than twice the least. Bytecode takes 50 to 100 ms with
  /// what the JVM's compilers do to it.
  long worth() {
    return this == BYTECODE ? 8_000_000 : 10_000;
  }
}
