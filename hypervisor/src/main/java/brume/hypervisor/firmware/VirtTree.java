package brume.hypervisor.firmware;

import brume.hypervisor.device.MemoryMap;
import brume.hypervisor.device.Plic;
import brume.hypervisor.device.Syscon;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The device tree of our machine: what a kernel or firmware finds out about it. It says only what
/// works.
///
/// @param memoryBytes size of RAM
/// @param harts how many, 1 to 8
/// @param virtioDevices how many virtio slots are in use, from 0
/// @param fullMachine whether firmware runs in M-mode, which then needs the ACLINT and the PLIC's
///   M-mode contexts; a paravirtual guest is not shown them
/// @param bootArguments the kernel's command line
/// @param initrd where the initial RAM disk is; null if there is none
public record VirtTree(
    long memoryBytes,
    int harts,
    int virtioDevices,
    boolean fullMachine,
    String bootArguments,
    @Nullable Region initrd) {

  /// A half-open range of physical addresses.
  public record Region(long start, long end) {
    public Region {
      if (start > end) {
        throw new IllegalArgumentException("region: starts behind its end");
      }
    }

    public long bytes() {
      return end - start;
    }
  }

  /// Ticks of `time` in a second.
  public static final int TIMEBASE_FREQUENCY = 10_000_000;

  static final String ISA_BASE = "rv64i";

  /// In the canonical order of the unprivileged specification's naming chapter.
  static final List<String> ISA_EXTENSIONS =
      List.of(
          "i",
          "m",
          "a",
          "f",
          "d",
          "c",
          "zicbom",
          "zicboz",
          "zicclsm",
          "zicntr",
          "zicsr",
          "zifencei",
          "zihintpause",
          "zihpm",
          "zawrs",
          "zba",
          "zbb",
          "zbc",
          "zbs",
          "sstc",
          "svadu",
          "svinval",
          "svnapot");

  private static final int CACHE_BLOCK_BYTES = 64;
  private static final int PLIC_PHANDLE = 0x100, SYSCON_PHANDLE = 0x101;
  private static final int SOFTWARE = 3, TIMER = 7, EXTERNAL_S = 9, EXTERNAL_M = 11;

  private static int hartPhandle(int hart) {
    return hart + 1;
  }

  static String isaString() {
    StringBuilder isa = new StringBuilder("rv64");
    for (String extension : ISA_EXTENSIONS) {
      if (extension.length() > 1) {
        isa.append('_');
      }
      isa.append(extension);
    }
    return isa.toString();
  }

  /// The tree as a blob.
  ///
  /// @param rngSeed fresh random bytes; without them Debian's kernel was measured to spend 15,000
  ///   more instructions in each system call
  public byte[] write(byte[] rngSeed) {
    DeviceTreeNode root =
        new DeviceTreeNode("")
            .cells("#address-cells", 2)
            .cells("#size-cells", 2)
            .text("compatible", "riscv-virtio")
            .text("model", "Brume virtual machine");
    chosen(root.child("chosen"), rngSeed);
    root.child("memory@%x".formatted(MemoryMap.RAM))
        .text("device_type", "memory")
        .wide("reg", MemoryMap.RAM, memoryBytes);
    processors(root.child("cpus"));
    devices(root.child("soc"));
    power(root.child("poweroff"), "syscon-poweroff", Syscon.POWER_OFF);
    power(root.child("reboot"), "syscon-reboot", Syscon.RESET);
    return FlattenedDeviceTree.write(root);
  }

  private void chosen(DeviceTreeNode chosen, byte[] rngSeed) {
    chosen.text("bootargs", bootArguments);
    chosen.text("stdout-path", "/soc/serial@%x".formatted(MemoryMap.UART));
    if (initrd != null) {
      chosen.wide("linux,initrd-start", initrd.start());
      chosen.wide("linux,initrd-end", initrd.end());
    }
    chosen.bytes("rng-seed", rngSeed);
  }

  private void processors(DeviceTreeNode cpus) {
    cpus.cells("#address-cells", 1)
        .cells("#size-cells", 0)
        .cells("timebase-frequency", TIMEBASE_FREQUENCY);
    for (int hart = 0; hart < harts; hart++) {
      DeviceTreeNode cpu =
          cpus.child("cpu@%x".formatted(hart))
              .text("device_type", "cpu")
              .cells("reg", hart)
              .text("status", "okay")
              .text("compatible", "riscv")
              .text("mmu-type", "riscv,sv57")
              .text("riscv,isa", isaString())
              .text("riscv,isa-base", ISA_BASE)
              .text("riscv,isa-extensions", ISA_EXTENSIONS)
              .cells("riscv,cbom-block-size", CACHE_BLOCK_BYTES)
              .cells("riscv,cboz-block-size", CACHE_BLOCK_BYTES);
      cpu.child("interrupt-controller")
          .cells("#interrupt-cells", 1)
          .flag("interrupt-controller")
          .text("compatible", "riscv,cpu-intc")
          .cells("phandle", hartPhandle(hart));
    }
  }

  private void devices(DeviceTreeNode soc) {
    soc.cells("#address-cells", 2)
        .cells("#size-cells", 2)
        .text("compatible", "simple-bus")
        .flag("ranges");
    soc.child("test@%x".formatted(MemoryMap.SYSCON))
        .text("compatible", "sifive,test1", "sifive,test0", "syscon")
        .wide("reg", MemoryMap.SYSCON, MemoryMap.SYSCON_LENGTH)
        .cells("phandle", SYSCON_PHANDLE);
    interrupting(
        soc.child("rtc@%x".formatted(MemoryMap.RTC))
            .text("compatible", "google,goldfish-rtc")
            .wide("reg", MemoryMap.RTC, MemoryMap.RTC_LENGTH),
        MemoryMap.RTC_IRQ);
    if (fullMachine) {
      soc.child("clint@%x".formatted(MemoryMap.ACLINT))
          .text("compatible", "sifive,clint0", "riscv,clint0")
          .wide("reg", MemoryMap.ACLINT, MemoryMap.ACLINT_LENGTH)
          .cells("interrupts-extended", hartInterrupts(SOFTWARE, TIMER));
    }
    interruptController(soc);
    interrupting(
        soc.child("serial@%x".formatted(MemoryMap.UART))
            .text("compatible", "ns16550a")
            .wide("reg", MemoryMap.UART, MemoryMap.UART_LENGTH)
            .cells("clock-frequency", 1_843_200),
        MemoryMap.UART_IRQ);
    for (int slot = 0; slot < virtioDevices; slot++) {
      interrupting(
          soc.child("virtio_mmio@%x".formatted(MemoryMap.virtioAddress(slot)))
              .text("compatible", "virtio,mmio")
              .wide("reg", MemoryMap.virtioAddress(slot), MemoryMap.VIRTIO_LENGTH),
          MemoryMap.virtioIrq(slot));
    }
  }

  private void interruptController(DeviceTreeNode soc) {
    // -1 marks a context that is not the kernel's: it has the number but no wire.
    int machineContext = fullMachine ? EXTERNAL_M : -1;
    soc.child("plic@%x".formatted(MemoryMap.PLIC))
        .text("compatible", "sifive,plic-1.0.0", "riscv,plic0")
        .wide("reg", MemoryMap.PLIC, MemoryMap.PLIC_LENGTH)
        .flag("interrupt-controller")
        .cells("#interrupt-cells", 1)
        .cells("#address-cells", 0)
        .cells("riscv,ndev", Plic.SOURCES - 1)
        .cells("interrupts-extended", hartInterrupts(machineContext, EXTERNAL_S))
        .cells("phandle", PLIC_PHANDLE);
  }

  private int[] hartInterrupts(int first, int second) {
    int[] cells = new int[4 * harts];
    for (int hart = 0; hart < harts; hart++) {
      cells[4 * hart] = hartPhandle(hart);
      cells[4 * hart + 1] = first;
      cells[4 * hart + 2] = hartPhandle(hart);
      cells[4 * hart + 3] = second;
    }
    return cells;
  }

  private static void interrupting(DeviceTreeNode device, int interrupt) {
    device.cells("interrupts", interrupt).cells("interrupt-parent", PLIC_PHANDLE);
  }

  private static void power(DeviceTreeNode node, String compatible, int value) {
    node.text("compatible", compatible)
        .cells("regmap", SYSCON_PHANDLE)
        .cells("offset", 0)
        .cells("value", value);
  }
}
