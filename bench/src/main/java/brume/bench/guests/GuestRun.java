package brume.bench.guests;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One process from its start to its end: a guest boots, runs one program and powers off. One at a
/// time, or the processor time of one would be counted for another.
final class GuestRun {
  static final long SECONDS_MAX = 600;
  private static final int LINES_KEPT = 12;
  private static final Pattern UP = Pattern.compile("bench: up");
  private static final Pattern DONE =
      Pattern.compile("bench: ([a-z0-9]+) ([0-9]+) ([0-9a-f]+) ([0-9]+)");
  private static final Pattern SPEED = Pattern.compile("([0-9]+) instructions, .*");

  private final List<String> command;
  private final Deque<String> last = new ArrayDeque<>();
  private double upSeconds = Double.NaN;
  private double cpuAtUpSeconds = Double.NaN;
  private double guestSeconds = Double.NaN;
  private long sum;
  private long instructions;

  private GuestRun(List<String> command) {
    this.command = command;
  }

  /// @param cpuSeconds user and system time of the whole process
  /// @param cpuAtUpSeconds those used up to the first word of the guest's init, to a hundredth:
  ///   what follows is the program, and the end of guest and process
  /// @param upSeconds from the start of the process to the first word of the guest's init
  /// @param guestSeconds what the program took by the guest's clock
  /// @param instructions of the guest, or 0 where the engine does not say
  record Outcome(
      double cpuSeconds,
      double cpuAtUpSeconds,
      double upSeconds,
      double guestSeconds,
      long sum,
      long instructions) {
    double cpuAfterUpSeconds() {
      return cpuSeconds - cpuAtUpSeconds;
    }
  }

  /// @throws IOException where the guest did not finish; the message has its last words
  static Outcome of(List<String> command) throws IOException, InterruptedException {
    return new GuestRun(command).run();
  }

  private Outcome run() throws IOException, InterruptedException {
    double before = ChildTime.seconds();
    long began = System.nanoTime();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    int exit;
    try (ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
        BufferedReader said =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.ISO_8859_1))) {
      Future<?> patience = watch.schedule(process::destroyForcibly, SECONDS_MAX, TimeUnit.SECONDS);
      try {
        for (String line = said.readLine(); line != null; line = said.readLine()) {
          take(line, began, process.toHandle());
        }
        exit = process.waitFor();
      } finally {
        process.destroyForcibly();
        patience.cancel(false);
      }
    }
    double used = ChildTime.seconds() - before;
    if (exit != 0 || Double.isNaN(guestSeconds)) {
      throw new IOException(
          "ended with status "
              + exit
              + " without a sum; it said last:\n"
              + String.join("\n", last));
    }
    if (Double.isNaN(cpuAtUpSeconds)) {
      cpuAtUpSeconds = used; // it had ended before anyone could look
    }
    return new Outcome(used, cpuAtUpSeconds, upSeconds, guestSeconds, sum, instructions);
  }

  private void take(String line, long began, ProcessHandle process) {
    if (last.size() == LINES_KEPT) {
      last.removeFirst();
    }
    last.addLast(line);
    Matcher done = DONE.matcher(line);
    if (UP.matcher(line).find()) {
      upSeconds = (System.nanoTime() - began) / 1e9;
      cpuAtUpSeconds =
          process.info().totalCpuDuration().map(used -> used.toNanos() / 1e9).orElse(Double.NaN);
    } else if (done.find()) {
      sum = Long.parseUnsignedLong(done.group(3), 16);
      guestSeconds = Long.parseLong(done.group(4)) / 1e9;
    } else {
      Matcher speed = SPEED.matcher(line);
      if (speed.find()) {
        instructions = Long.parseLong(speed.group(1));
      }
    }
  }
}
