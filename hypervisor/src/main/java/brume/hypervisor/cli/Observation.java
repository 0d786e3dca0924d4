package brume.hypervisor.cli;

import brume.hypervisor.debug.DebugServer;
import brume.hypervisor.debug.GuestProfile;
import brume.hypervisor.debug.InstructionTrace;
import brume.hypervisor.debug.RunControl;
import brume.hypervisor.debug.SymbolTable;
import brume.hypervisor.machine.HartRunner;
import brume.hypervisor.machine.VirtualMachine;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of `brume vm` for looking at the guest while it runs; one way at a time.
final class Observation {
  @Option(
      names = "--gdb",
      paramLabel = "[HOST:]PORT",
      description =
          "Wait for GDB there (without a host: on the loopback address) with the guest paused at its"
              + " first instruction.")
  private @Nullable String gdb;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "Write a line for each instruction.")
  private @Nullable Path trace;

  @Option(
      names = "--trace-from",
      paramLabel = "N",
      defaultValue = "0",
      description = "Begin after N instructions (default: ${DEFAULT-VALUE}).")
  private long traceFrom;

  @Option(
      names = "--trace-limit",
      paramLabel = "N",
      defaultValue = "" + InstructionTrace.LINES_DEFAULT,
      description = "At most N lines (default: ${DEFAULT-VALUE}).")
  private long traceLimit = InstructionTrace.LINES_DEFAULT;

  @Option(
      names = "--profile",
      paramLabel = "FILE",
      description = "At the end, write a flame graph of the guest: .svg, or .html with a table.")
  private @Nullable Path profile;

  @Option(
      names = "--symbols",
      paramLabel = "FILE",
      description =
          "Names for --profile: an ELF file or a System.map; repeatable (default: those of --elf).")
  private List<Path> symbols = new ArrayList<>();

  /// One way to look at a guest, from before it is made until after its end.
  interface Observer {
    HartRunner runner();

    /// Starts the machine, or leaves that to whom it waits for.
    default void start(VirtualMachine machine) throws IOException {
      machine.start();
    }

    /// The machine has ended.
    default void finish() throws IOException {}
  }

  /// Throws IllegalArgumentException, which begins with the option, for options that cannot be
  /// used.
  ///
  /// @param program the bare-metal program that is to run, if it is one
  Observer open(PrintStream errors, @Nullable Path program) {
    if (Stream.of(gdb, trace, profile).filter(option -> option != null).count() > 1) {
      throw new IllegalArgumentException("gdb, --trace, --profile: one of them at a time");
    }
    if (!symbols.isEmpty() && profile == null) {
      throw new IllegalArgumentException("symbols: are for --profile");
    }
    if (gdb != null) {
      return new Debugging(DebugServer.address(gdb), errors);
    }
    if (trace != null) {
      return tracing(trace);
    }
    return profile != null ? profiling(profile, program) : () -> HartRunner.ORDINARY;
  }

  private static IllegalArgumentException refused(String option, IOException why) {
    return new IllegalArgumentException(option + ": " + why, why);
  }

  private Observer tracing(Path file) {
    InstructionTrace instructions;
    try {
      instructions = new InstructionTrace(file, traceFrom, traceLimit);
    } catch (IOException unwritable) {
      throw refused("trace", unwritable);
    }
    return new Observer() {
      @Override
      public HartRunner runner() {
        return instructions;
      }

      @Override
      public void finish() throws IOException {
        instructions.close();
      }
    };
  }

  private Observer profiling(Path file, @Nullable Path program) {
    GuestProfile samples;
    try {
      samples =
          new GuestProfile(
              program != null && symbols.isEmpty()
                  ? SymbolTable.ofProgram(program)
                  : SymbolTable.read(symbols));
    } catch (IOException unreadable) {
      throw refused("symbols", unreadable);
    }
    try {
      // Better now than after a long run.
      Files.writeString(file, "");
    } catch (IOException unwritable) {
      throw refused("profile", unwritable);
    }
    return new Observer() {
      @Override
      public HartRunner runner() {
        return samples;
      }

      @Override
      public void finish() throws IOException {
        samples.write(file);
      }
    };
  }

  private static final class Debugging implements Observer {
    private final RunControl control = new RunControl();
    private final InetSocketAddress address;
    private final PrintStream errors;
    private @Nullable DebugServer server;

    Debugging(InetSocketAddress address, PrintStream errors) {
      this.address = address;
      this.errors = errors;
    }

    @Override
    public HartRunner runner() {
      return control;
    }

    @Override
    public void start(VirtualMachine machine) {
      try {
        DebugServer opened = DebugServer.open(address, machine, control);
        server = opened;
        InetSocketAddress at = opened.address();
        errors.println(
            "brume vm: paused; gdb: target remote "
                + at.getAddress().getHostAddress()
                + ":"
                + at.getPort());
      } catch (IOException taken) {
        throw new IllegalArgumentException("gdb: " + taken.getMessage(), taken);
      }
    }

    @Override
    public void finish() {
      DebugServer opened = server;
      if (opened != null) {
        opened.close();
      }
    }
  }
}
