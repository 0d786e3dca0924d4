package brume.bench.guests;

import brume.bench.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What runs a guest: a command with the same kernel, initial RAM disk, memory and single hart.
sealed interface Engine {
  String MEMORY = "256M";

  /// Short, for the head of a column.
  String label();

  List<String> command(Path kernel, Path initrd, String append);

  /// `brume vm` as users start it.
  ///
  /// @param translator `on` or `off`, handed to the process as the property `brume.translator`
  /// @param jvm more options of the JVM
  record Brume(String translator, List<String> jvm) implements Engine {
    public Brume {
      if (!translator.equals("on") && !translator.equals("off")) {
        throw new IllegalArgumentException("translator must be on or off, not " + translator);
      }
      jvm = List.copyOf(jvm);
    }

    Brume with(String option) {
      List<String> more = new ArrayList<>(jvm);
      more.add(option);
      return new Brume(translator, more);
    }

    @Override
    public String label() {
      return translator.equals("on") ? "brume" : "brume, interpreter";
    }

    @Override
    public List<String> command(Path kernel, Path initrd, String append) {
      List<String> options = new ArrayList<>(jvm);
      options.add("-Dbrume.translator=" + translator);
      return Processes.java(
              options,
              "brume.hypervisor.cli.VmCommand",
              List.of(
                  "--kernel",
                  kernel.toString(),
                  "--initrd",
                  initrd.toString(),
                  "--memory",
                  MEMORY,
                  "--no-reboot",
                  "--stats",
                  "--append",
                  append))
          .command();
    }
  }

  /// The emulator that everyone has, with its own firmware.
  record Qemu(String program, String version) implements Engine {
    private static final Pattern VERSION = Pattern.compile("version ([0-9.]+)");

    /// @throws IOException where there is no such program
    static Qemu find(String program) throws IOException, InterruptedException {
      Process process = new ProcessBuilder(program, "--version").redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher found = VERSION.matcher(said);
      if (process.waitFor() != 0 || !found.find()) {
        throw new IOException(program + " --version said: " + said.strip());
      }
      return new Qemu(program, found.group(1));
    }

    @Override
    public String label() {
      return "qemu " + version;
    }

    @Override
    public List<String> command(Path kernel, Path initrd, String append) {
      return List.of(
          program,
          "-M",
          "virt",
          "-m",
          MEMORY,
          "-smp",
          "1",
          "-nographic",
          "-bios",
          "default",
          "-no-reboot",
          "-kernel",
          kernel.toString(),
          "-initrd",
          initrd.toString(),
          "-append",
          append);
    }
  }
}
