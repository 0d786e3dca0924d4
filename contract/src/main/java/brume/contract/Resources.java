package brume.contract;

/// An amount of what instances need and nodes offer: whole virtual processors and MiB of memory,
/// neither negative.
public record Resources(int vcpu, int memoryMib) {
  public static final Resources NONE = new Resources(0, 0);

  public Resources {
    Checks.range("vcpu", vcpu, 0, 1 << 20);
    Checks.range("memoryMib", memoryMib, 0, Integer.MAX_VALUE);
  }

  public Resources plus(Resources other) {
    return new Resources(
        Math.addExact(vcpu, other.vcpu), Math.addExact(memoryMib, other.memoryMib));
  }

  /// Throws IllegalArgumentException where `other` is more than this.
  public Resources minus(Resources other) {
    return new Resources(vcpu - other.vcpu, memoryMib - other.memoryMib);
  }

  public boolean holds(Resources need) {
    return vcpu >= need.vcpu && memoryMib >= need.memoryMib;
  }

  @Override
  public String toString() {
    return vcpu + " vCPU and " + memoryMib + " MiB";
  }
}
