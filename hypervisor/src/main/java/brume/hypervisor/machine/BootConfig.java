package brume.hypervisor.machine;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What a machine starts with.
public sealed interface BootConfig {
  /// The kernel's own limit (COMMAND_LINE_SIZE of riscv).
  int COMMAND_LINE_BYTES_MAX = 1024;

  /// A paravirtual machine: a Linux kernel in S-mode over our SBI.
  record Kernel(Path kernel, @Nullable Path initrd, String commandLine) implements BootConfig {
    public Kernel {
      requireCommandLine(commandLine);
    }
  }

  /// A full machine: raw firmware in M-mode, which may be told of a kernel.
  record Firmware(Path firmware, @Nullable Path kernel, @Nullable Path initrd, String commandLine)
      implements BootConfig {
    public Firmware {
      requireCommandLine(commandLine);
    }
  }

  /// A program in M-mode that ends and prints through HTIF.
  ///
  /// @param signature where to write an architecture test's signature when the program ends; null
  ///   for nowhere
  record BareMetal(Path elf, @Nullable Path signature) implements BootConfig {
    public BareMetal(Path elf) {
      this(elf, null);
    }
  }

  private static void requireCommandLine(String commandLine) {
    int bytes = commandLine.getBytes(StandardCharsets.UTF_8).length;
    if (bytes >= COMMAND_LINE_BYTES_MAX || commandLine.indexOf(0) >= 0) {
      throw new IllegalArgumentException(
          "append: the command line has " + bytes + " bytes; the kernel takes 1023");
    }
  }
}
