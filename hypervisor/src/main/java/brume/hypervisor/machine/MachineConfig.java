package brume.hypervisor.machine;

import brume.hypervisor.device.ByteSink;
import brume.hypervisor.device.virtio.MacAddress;
import brume.hypervisor.device.virtio.NetworkBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Everything a machine is made of.
///
/// @param name for messages and thread dumps
/// @param boot what it starts with
/// @param memoryBytes its RAM and the limit of what it can take; a multiple of 1 MiB
/// @param harts 1 to 8
/// @param hartsInTurns whether the harts run one after the other on one thread, so that a run can
///   be repeated, instead of at the same time
/// @param disks in the guest's order, vda first; at most 16
/// @param networks in order, eth0 first; at most 8
/// @param console takes what the guest prints
/// @param control hears what the guest says on its control channel
/// @param restartOnReset whether a guest's reset boots it again, or ends the machine
/// @param share its part of the processors
/// @param entropy seeds and feeds the guest's random numbers
/// @param clock its time
/// @param translated whether code that runs often is translated, or everything interpreted
/// @param runner how its harts are run
public record MachineConfig(
    String name,
    BootConfig boot,
    long memoryBytes,
    int harts,
    boolean hartsInTurns,
    List<DiskConfig> disks,
    List<NetworkConfig> networks,
    ByteSink console,
    ControlListener control,
    boolean restartOnReset,
    ProcessorShare share,
    RandomGenerator entropy,
    MachineClock clock,
    boolean translated,
    HartRunner runner) {
  public static final int HARTS_MAX = 8, DISKS_MAX = 16, NETWORKS_MAX = 8;
  public static final long MEMORY_BYTES_MIN = 2L << 20, MEMORY_BYTES_MAX = 64L << 30;

  /// One network card and the other end of its cable.
  public record NetworkConfig(MacAddress mac, NetworkBackend backend) {}

  public MachineConfig {
    if (memoryBytes < MEMORY_BYTES_MIN
        || memoryBytes > MEMORY_BYTES_MAX
        || memoryBytes % (1 << 20) != 0) {
      throw new IllegalArgumentException(
          "memory: " + memoryBytes + " bytes; must be a whole number of MiB from 2 MiB to 64 GiB");
    }
    if (harts < 1 || harts > HARTS_MAX) {
      throw new IllegalArgumentException("smp: " + harts + " harts; must be 1 to 8");
    }
    if (disks.size() > DISKS_MAX) {
      throw new IllegalArgumentException("disk: " + disks.size() + " disks; at most 16");
    }
    if (networks.size() > NETWORKS_MAX) {
      throw new IllegalArgumentException("net: " + networks.size() + " cards; at most 8");
    }
    disks = List.copyOf(disks);
    networks = List.copyOf(networks);
  }

  boolean inParallel() {
    return harts > 1 && !hartsInTurns && !runner.seesEachInstruction();
  }

  boolean isTranslated() {
    return translated && !runner.seesEachInstruction();
  }

  public static Builder builder(String name, BootConfig boot) {
    return new Builder(name, boot);
  }

  /// Collects a configuration; what is not set is the default of a small machine.
  public static final class Builder {
    private final String name;
    private final BootConfig boot;
    private final List<DiskConfig> disks = new ArrayList<>();
    private final List<NetworkConfig> networks = new ArrayList<>();
    private long memoryBytes = 256L << 20;
    private int harts = 1;
    private boolean hartsInTurns;
    private ByteSink console = (bytes, offset, length) -> {};
    private ControlListener control = line -> {};
    private boolean restartOnReset = true;
    private ProcessorShare share = ProcessorShare.DEFAULT;
    private RandomGenerator entropy = new java.security.SecureRandom();
    private MachineClock clock = MachineClock.system();
    private boolean translated = true;
    private HartRunner runner = HartRunner.ORDINARY;

    private Builder(String name, BootConfig boot) {
      this.name = name;
      this.boot = boot;
    }

    public Builder memoryBytes(long value) {
      memoryBytes = value;
      return this;
    }

    public Builder harts(int value) {
      harts = value;
      return this;
    }

    public Builder hartsInTurns(boolean value) {
      hartsInTurns = value;
      return this;
    }

    public Builder disk(DiskConfig disk) {
      disks.add(disk);
      return this;
    }

    public Builder network(NetworkConfig network) {
      networks.add(network);
      return this;
    }

    public Builder console(ByteSink value) {
      console = value;
      return this;
    }

    public Builder control(ControlListener value) {
      control = value;
      return this;
    }

    public Builder restartOnReset(boolean value) {
      restartOnReset = value;
      return this;
    }

    public Builder share(ProcessorShare value) {
      share = value;
      return this;
    }

    public Builder entropy(RandomGenerator value) {
      entropy = value;
      return this;
    }

    public Builder clock(MachineClock value) {
      clock = value;
      return this;
    }

    public Builder translated(boolean value) {
      translated = value;
      return this;
    }

    public Builder runner(HartRunner value) {
      runner = value;
      return this;
    }

    public MachineConfig build() {
      return new MachineConfig(
          name,
          boot,
          memoryBytes,
          harts,
          hartsInTurns,
          disks,
          networks,
          console,
          control,
          restartOnReset,
          share,
          entropy,
          clock,
          translated,
          runner);
    }
  }
}
