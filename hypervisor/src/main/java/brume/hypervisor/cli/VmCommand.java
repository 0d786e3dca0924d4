package brume.hypervisor.cli;

import brume.hypervisor.firmware.BootFailure;
import brume.hypervisor.machine.BootConfig;
import brume.hypervisor.machine.DiskConfig;
import brume.hypervisor.machine.MachineConfig;
import brume.hypervisor.machine.MachineExit;
import brume.hypervisor.machine.VirtualMachine;
import brume.hypervisor.machine.VirtualProcessorScheduler;
import brume.hypervisor.translator.BackgroundTranslator;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Runs one guest with its console on stdin and stdout and ends with the guest's exit status: 0 for
/// a clean power-off, 1 for a machine that failed, 2 for options or files that cannot be used, else
/// what the guest gave.
@Command(
    name = "brume vm",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Runs a riscv64 guest in the foreground. On a terminal, Ctrl-A x ends it.")
public final class VmCommand implements Callable<Integer> {
  static final int FAILED = 1, USAGE = 2, INTERRUPTED = 130;

  @Option(names = "--kernel", paramLabel = "FILE", description = "Linux kernel (flat Image).")
  private @Nullable Path kernel;

  @Option(names = "--initrd", paramLabel = "FILE", description = "Initial RAM disk.")
  private @Nullable Path initrd;

  @Option(names = "--append", paramLabel = "TEXT", description = "The kernel's command line.")
  private String append = "";

  @Option(
      names = "--firmware",
      paramLabel = "FILE",
      description = "Raw M-mode firmware: the machine is fully virtual.")
  private @Nullable Path firmware;

  @Option(
      names = "--elf",
      paramLabel = "FILE",
      description = "Bare-metal program: M-mode at its entry, HTIF tohost ends it.")
  private @Nullable Path elf;

  @Option(
      names = "--signature",
      paramLabel = "FILE",
      description =
          "When the --elf program ends, write what lies from begin_signature to end_signature, 4"
              + " bytes a line.")
  private @Nullable Path signature;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      defaultValue = "256M",
      description = "RAM, as 256M or 2G (default: ${DEFAULT-VALUE}).")
  private String memory = "256M";

  @Option(
      names = "--smp",
      paramLabel = "N",
      defaultValue = "1",
      description = "Harts, 1 to 8 (default: ${DEFAULT-VALUE}).")
  private int smp = 1;

  @Option(names = "--disk", paramLabel = "FILE", description = "Raw disk image; repeatable.")
  private List<Path> disks = new ArrayList<>();

  @Option(names = "--no-reboot", description = "End where the guest would reboot.")
  private boolean noReboot;

  @Option(
      names = "--translator",
      paramLabel = "on|off",
      defaultValue = "on",
      description = "Whether hot code is translated (default: ${DEFAULT-VALUE}).")
  private String translator = "on";

  @Option(names = "--stats", description = "At the end, say on stderr what was used.")
  private boolean stats;

  @Mixin private Observation observation = new Observation();

  private final InputStream input;
  private final OutputStream output;
  private final PrintStream errors;

  VmCommand(InputStream input, OutputStream output, PrintStream errors) {
    this.input = input;
    this.output = output;
    this.errors = errors;
  }

  public static void main(String[] arguments) {
    System.exit(
        run(
            new FileInputStream(FileDescriptor.in),
            new FileOutputStream(FileDescriptor.out),
            new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
            arguments));
  }

  /// Runs the command on these streams and returns its exit status.
  public static int run(
      InputStream input, OutputStream output, PrintStream errors, String... arguments) {
    CommandLine line = new CommandLine(new VmCommand(input, output, errors));
    line.setOut(new java.io.PrintWriter(output, true, StandardCharsets.UTF_8));
    line.setErr(new java.io.PrintWriter(errors, true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler((refused, given) -> {
      errors.println("brume vm: " + refused.getMessage());
      return USAGE;
    });
    return line.execute(arguments);
  }

  @Override
  public Integer call() {
    try {
      MachineConfig.Builder config =
          MachineConfig.builder("vm", boot())
              .memoryBytes(MemorySize.parse(memory))
              .harts(smp)
              .restartOnReset(!noReboot)
              .translated(isTranslated())
              .console(new StreamSink(output));
      disks.forEach(disk -> config.disk(DiskConfig.writable(disk)));
      Observation.Observer observer = observation.open(errors, elf);
      try {
        return runMachine(config.runner(observer.runner()).build(), observer);
      } finally {
        observer.finish();
      }
    } catch (BootFailure refused) {
      errors.println("brume vm: --" + refused.part() + ": " + refused.getMessage());
      return USAGE;
    } catch (IOException unwritten) {
      errors.println("brume vm: what was observed could not be written: " + unwritten);
      return FAILED;
    } catch (UncheckedIOException noMemory) {
      errors.println("brume vm: --memory: " + noMemory.getMessage() + ": " + noMemory.getCause());
      return USAGE;
    } catch (IllegalArgumentException refused) {
      errors.println("brume vm: --" + refused.getMessage());
      return USAGE;
    }
  }

  private boolean isTranslated() {
    return switch (translator) {
      case "on" -> true;
      case "off" -> false;
      default ->
          throw new IllegalArgumentException("translator: '" + translator + "'; must be on or off");
    };
  }

  private BootConfig boot() {
    if (elf != null) {
      if (kernel != null || firmware != null || initrd != null || !append.isEmpty()) {
        throw new IllegalArgumentException(
            "elf: runs alone, without --kernel, --initrd, --append or --firmware");
      }
      return new BootConfig.BareMetal(elf, signature);
    }
    if (signature != null) {
      throw new IllegalArgumentException("signature: is for --elf");
    }
    if (firmware != null) {
      return new BootConfig.Firmware(firmware, kernel, initrd, append);
    }
    if (kernel == null) {
      throw new IllegalArgumentException("kernel: one of --kernel, --firmware or --elf is needed");
    }
    return new BootConfig.Kernel(kernel, initrd, append);
  }

  private int runMachine(MachineConfig config, Observation.Observer observer) throws IOException {
    long began = System.nanoTime();
    try (VirtualProcessorScheduler scheduler = new VirtualProcessorScheduler(1);
        VirtualMachine machine = VirtualMachine.create(config, scheduler);
        Terminal terminal = Terminal.open()) {
      Thread onSignal = Thread.ofPlatform().unstarted(terminal::restore);
      Runtime.getRuntime().addShutdownHook(onSignal);
      Keyboard keyboard = new Keyboard(input, machine, terminal.isRaw());
      observer.start(machine);
      Thread.ofPlatform().daemon().name("keyboard").start(keyboard);
      MachineExit exit = machine.awaitExit();
      terminal.restore();
      if (stats) {
        errors.println(
            Statistics.of(
                machine.counters(),
                System.nanoTime() - began,
                BackgroundTranslator.statisticsOfProcess()));
      }
      return status(exit, keyboard.quit());
    }
  }

  private int status(MachineExit exit, boolean quit) {
    return switch (exit) {
      case MachineExit.PoweredOff(int status) -> status > 255 ? 255 : status;
      case MachineExit.Reset() -> 0;
      case MachineExit.Stopped() -> quit ? 0 : INTERRUPTED;
      case MachineExit.Failed(String reason) -> {
        errors.println("brume vm: " + reason);
        yield FAILED;
      }
    };
  }
}
