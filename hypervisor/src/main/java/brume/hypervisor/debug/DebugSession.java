package brume.hypervisor.debug;

import brume.hypervisor.debug.PacketStream.Received;
import brume.hypervisor.debug.RunControl.Mode;
import brume.hypervisor.debug.RunControl.Stop;
import brume.hypervisor.firmware.HartStates;
import brume.hypervisor.machine.MachineExit;
import brume.hypervisor.machine.VirtualMachine;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One debugger's conversation with one machine: GDB's remote serial protocol, all-stop, a thread
/// for each hart (thread n is hart n - 1).
///
/// ```
///   STOPPED ──c, s, vCont──▶ RUNNING ──stop, Ctrl-C──▶ STOPPED
///      └──────D, k, end of connection, end of the machine──▶ over
/// ```
///
/// One thread reads, one works; the machine's own only leaves a word that something happened.
final class DebugSession {
  private static final int PACKETS_WAITING_MAX = 16;

  private final PacketStream stream;
  private final VirtualMachine machine;
  private final RunControl control;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Semaphore room = new Semaphore(PACKETS_WAITING_MAX);
  private boolean running;
  private boolean over;

  /// Whom `g`, `m` and the like are about, and whom `c` and `s`.
  private int selected;

  private boolean virtual = true;

  private sealed interface Event {
    record Arrived(Received what) implements Event {}

    /// The guest met something; [RunControl] knows what.
    record Stopped() implements Event {}

    record Ended(MachineExit exit) implements Event {}

    record Closed() implements Event {}
  }

  DebugSession(PacketStream stream, VirtualMachine machine, RunControl control) {
    this.stream = stream;
    this.machine = machine;
    this.control = control;
  }

  /// The session's other thread: reads until the connection ends.
  void read() {
    try {
      while (true) {
        Received received = stream.read();
        room.acquire();
        events.add(new Event.Arrived(received));
      }
    } catch (IOException gone) {
      close();
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  /// Ends the session after what happened before. Any thread.
  void close() {
    events.add(new Event.Closed());
  }

  /// Converses until one side ends it. The machine stands still from here on until the debugger
  /// lets it go on.
  void run() throws IOException, InterruptedException {
    control.listen(() -> events.add(new Event.Stopped()));
    machine.exited().thenAccept(exit -> events.add(new Event.Ended(exit)));
    halt();
    try {
      while (!over) {
        handle(events.take());
      }
    } finally {
      control.listen(() -> {});
      control.release();
    }
  }

  private void handle(Event event) throws IOException {
    switch (event) {
      case Event.Arrived(Received.Packet(byte[] bytes)) -> {
        room.release();
        answer(new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1));
      }
      case Event.Arrived(Received.TooLarge()) -> {
        room.release();
        stream.write(TargetAccess.BAD_REQUEST);
      }
      case Event.Arrived(Received.Interrupt()) -> {
        room.release();
        if (running) {
          reportStop(2);
        }
      }
      case Event.Stopped() -> {
        if (running) {
          reportStop(5);
        }
      }
      case Event.Ended(MachineExit exit) -> end(exit);
      case Event.Closed() -> {
        // Whoever closes this may have heard of the machine's end sooner.
        if (machine.state() == VirtualMachine.State.ENDED) {
          end(machine.awaitExit());
        }
        over = true;
      }
    }
  }

  private void end(MachineExit exit) throws IOException {
    if (running) {
      stream.write(exitReply(exit));
    }
    over = true;
  }

  private static String exitReply(MachineExit exit) {
    return switch (exit) {
      case MachineExit.PoweredOff(int status) -> "W%02x".formatted(Math.min(status, 255));
      case MachineExit.Reset() -> "W00";
      case MachineExit.Stopped() -> "X0f";
      case MachineExit.Failed failed -> "X06";
    };
  }

  private @Nullable Stop halt() {
    machine.pause();
    running = false;
    return control.halt();
  }

  private void reportStop(int signal) throws IOException {
    Stop stop = halt();
    if (stop == null) {
      if (machine.state() != VirtualMachine.State.ENDED) {
        stream.write(stopReply(signal, selected, null));
      } else {
        // Its end is on the way here, as an event.
        running = true;
      }
      return;
    }
    selected = stop.hart();
    stream.write(stopReply(5, selected, stop.watched()));
  }

  private static String stopReply(int signal, int hart, @Nullable Watchpoint watched) {
    String met = watched == null ? "" : "%s:%x;".formatted(watched.kind().reply, watched.address());
    return "T%02xthread:%x;%s".formatted(signal, hart + 1, met);
  }

  private void answer(String packet) throws IOException {
    if (running) {
      stream.write(TargetAccess.BAD_REQUEST);
      return;
    }
    String reply = packet.isEmpty() ? "" : reply(packet);
    if (reply != null) {
      if (packet.equals("QStartNoAckMode")) {
        // This packet was acknowledged already; the debugger sends the next when it has the reply.
        stream.stopAcknowledging();
      }
      stream.write(reply);
    }
  }

  /// Null where the answer comes later, or none does.
  private @Nullable String reply(String packet) throws IOException {
    String rest = packet.substring(1);
    return switch (packet.charAt(0)) {
      case '?' -> stopReply(5, selected, null);
      case 'g' -> ask(TargetAccess::generalRegisters);
      case 'G' -> ask(target -> target.setGeneralRegisters(rest));
      case 'p' -> ask(target -> target.register(rest));
      case 'P' -> ask(target -> target.setRegister(rest));
      case 'm' -> ask(target -> target.memory(rest));
      case 'M' -> ask(target -> target.setMemory(rest, false));
      case 'X' -> ask(target -> target.setMemory(rest, true));
      case 'c', 's' -> resume(packet.charAt(0), rest);
      case 'C', 'S' -> {
        int address = rest.indexOf(';');
        yield resume(packet.charAt(0), address < 0 ? "" : rest.substring(address + 1));
      }
      case 'v' -> verbose(packet);
      case 'Z', 'z' -> point(packet);
      case 'H' -> select(rest);
      case 'T' -> hart(rest) == null ? TargetAccess.BAD_REQUEST : TargetAccess.OK;
      case 'q', 'Q' -> query(packet);
      case 'D' -> {
        over = true;
        control.release();
        machine.resume();
        yield TargetAccess.OK;
      }
      case 'k' -> {
        over = true;
        machine.stop();
        yield null;
      }
      default -> "";
    };
  }

  private String ask(Function<TargetAccess, String> question) {
    return inspect(harts -> question.apply(new TargetAccess(harts, selected, virtual)));
  }

  private String inspect(Function<HartStates, String> look) {
    return machine.inspect(look).orElse(TargetAccess.BAD_REQUEST);
  }

  private int harts() {
    return machine.inspect(HartStates::size).orElse(1);
  }

  /// The hart of a thread number; null for one that is none.
  private @Nullable Integer hart(String thread) {
    Long number = Hex.number(thread);
    return number == null || number < 1 || number > harts() ? null : (int) (number - 1);
  }

  /// `H`: 0 and -1 stand for any thread.
  private String select(String operation) {
    if (operation.isEmpty() || "gc".indexOf(operation.charAt(0)) < 0) {
      return TargetAccess.BAD_REQUEST;
    }
    String thread = operation.substring(1);
    if (thread.equals("0") || thread.equals("-1")) {
      return TargetAccess.OK;
    }
    Integer hart = hart(thread);
    if (hart == null) {
      return TargetAccess.BAD_REQUEST;
    }
    selected = hart;
    return TargetAccess.OK;
  }

  /// `c` and `s`, perhaps from another address on.
  private @Nullable String resume(char action, String address) throws IOException {
    if (!address.isEmpty()) {
      Long pc = Hex.number(address);
      if (pc == null) {
        return TargetAccess.BAD_REQUEST;
      }
      ask(target -> target.setRegister("20=" + Hex.ofRegister(pc)));
    }
    Mode[] modes = new Mode[harts()];
    Arrays.fill(modes, isStep(action) ? Mode.HOLD : Mode.GO);
    if (isStep(action)) {
      modes[selected] = Mode.STEP;
    }
    return go(modes);
  }

  private static boolean isStep(char action) {
    return action == 's' || action == 'S';
  }

  /// While one hart makes a step, the others wait for it.
  private @Nullable String go(Mode[] modes) throws IOException {
    int stepping = Arrays.asList(modes).indexOf(Mode.STEP);
    if (stepping >= 0) {
      Arrays.fill(modes, Mode.HOLD);
      modes[stepping] = Mode.STEP;
      selected = stepping;
      boolean started =
          machine
              .inspect(harts -> {
                harts.hart(stepping).wake();
                return harts.isStarted(stepping);
              })
              .orElse(false);
      if (!started) {
        return stopReply(5, stepping, null);
      }
    } else if (!Arrays.asList(modes).contains(Mode.GO)) {
      return TargetAccess.BAD_REQUEST;
    }
    running = true;
    control.go(modes);
    machine.resume();
    return null;
  }

  private @Nullable String verbose(String packet) throws IOException {
    if (packet.equals("vCont?")) {
      return "vCont;c;C;s;S";
    } else if (packet.startsWith("vCont;")) {
      return resumeEach(packet.substring("vCont;".length()).split(";"));
    } else if (packet.startsWith("vKill;")) {
      over = true;
      machine.stop();
      return TargetAccess.OK;
    }
    return "";
  }

  /// The first action that names a thread, or names none, is that thread's.
  private @Nullable String resumeEach(String[] actions) throws IOException {
    Mode[] modes = new Mode[harts()];
    for (String action : actions) {
      String[] parts = action.split(":", 2);
      char what = parts[0].isEmpty() ? ' ' : parts[0].charAt(0);
      if ("cCsS".indexOf(what) < 0) {
        return TargetAccess.BAD_REQUEST;
      }
      boolean all = parts.length < 2 || parts[1].equals("-1");
      Integer one = all ? null : hart(parts[1]);
      if (!all && one == null) {
        return TargetAccess.BAD_REQUEST;
      }
      for (int hart = 0; hart < modes.length; hart++) {
        if (modes[hart] == null && (one == null || one == hart)) {
          modes[hart] = isStep(what) ? Mode.STEP : Mode.GO;
        }
      }
    }
    for (int hart = 0; hart < modes.length; hart++) {
      modes[hart] = modes[hart] == null ? Mode.HOLD : modes[hart];
    }
    return go(modes);
  }

  /// `Ztype,address,kind` sets, `z` takes away. A breakpoint of either sort is the same here.
  private String point(String packet) {
    String[] parts = packet.substring(1).split(",");
    Long type = parts.length == 3 ? Hex.number(parts[0]) : null;
    Long address = type == null ? null : Hex.number(parts[1]);
    Long length = type == null ? null : Hex.number(parts[2].split(";")[0]);
    if (type == null || address == null || length == null) {
      return TargetAccess.BAD_REQUEST;
    }
    boolean set = packet.charAt(0) == 'Z';
    if (type <= 1 && type >= 0) {
      return breakpoint(set, address);
    }
    Watchpoint.Kind kind = type > 4 || type < 0 ? null : Watchpoint.Kind.of(type.intValue());
    if (kind == null) {
      return "";
    }
    if (length < 1 || length > Watchpoint.LENGTH_MAX) {
      return TargetAccess.BAD_REQUEST;
    }
    Watchpoint watchpoint = new Watchpoint(kind, address, length);
    if (!set) {
      control.removeWatchpoint(watchpoint);
      return TargetAccess.OK;
    }
    return control.addWatchpoint(watchpoint) ? TargetAccess.OK : TargetAccess.NO_MEMORY;
  }

  private String breakpoint(boolean set, long address) {
    if (!set) {
      control.removeBreakpoint(address);
      return TargetAccess.OK;
    }
    return control.addBreakpoint(address) ? TargetAccess.OK : TargetAccess.NO_MEMORY;
  }

  private String query(String packet) {
    int colon = packet.indexOf(':');
    int comma = packet.indexOf(',');
    int end = colon < 0 ? comma : comma < 0 ? colon : Math.min(colon, comma);
    String name = end < 0 ? packet : packet.substring(0, end);
    String arguments = end < 0 ? "" : packet.substring(end + 1);
    return switch (name) {
      case "qSupported" ->
          "PacketSize=%x;qXfer:features:read+;QStartNoAckMode+;vContSupported+"
              .formatted(PacketStream.PAYLOAD_BYTES_MAX);
      case "QStartNoAckMode", "qSymbol" -> TargetAccess.OK;
      case "qXfer" -> transfer(arguments);
      case "qC" -> "QC%x".formatted(selected + 1);
      case "qAttached" -> "1";
      case "qfThreadInfo" -> threads();
      case "qsThreadInfo" -> "l";
      case "qThreadExtraInfo" -> {
        Integer hart = hart(arguments);
        yield hart == null ? TargetAccess.BAD_REQUEST : Hex.ofText(describe(hart));
      }
      case "qRcmd" -> command(arguments);
      default -> "";
    };
  }

  private String threads() {
    StringBuilder list = new StringBuilder("m");
    for (int thread = 1; thread <= harts(); thread++) {
      list.append(thread == 1 ? "" : ",").append(Integer.toHexString(thread));
    }
    return list.toString();
  }

  private String describe(int hart) {
    return inspect(harts -> new TargetAccess(harts, hart, virtual).describe());
  }

  /// `features:read:target.xml:offset,length`.
  private static String transfer(String arguments) {
    String wanted = "features:read:target.xml:";
    if (!arguments.startsWith(wanted)) {
      return arguments.startsWith("features:read:") ? "E00" : "";
    }
    String[] range = arguments.substring(wanted.length()).split(",", 2);
    Long offset = Hex.number(range[0]);
    Long length = range.length < 2 ? null : Hex.number(range[1]);
    if (offset == null || length == null || offset < 0 || length < 1) {
      return TargetAccess.BAD_REQUEST;
    }
    String xml = TargetRegisters.description();
    int from = (int) Math.min(offset, xml.length());
    // Room for the letter in front, and for nothing to be escaped: there is nothing.
    long most = Math.min(length, PacketStream.PAYLOAD_BYTES_MAX - 1);
    int to = (int) Math.min(from + most, xml.length());
    return (to < xml.length() ? "m" : "l") + xml.substring(from, to);
  }

  /// GDB's `monitor`.
  private String command(String digits) {
    byte[] bytes = Hex.bytes(digits);
    String text =
        bytes == null ? "" : new String(bytes, java.nio.charset.StandardCharsets.UTF_8).strip();
    return switch (text) {
      case "phys on" -> {
        virtual = false;
        yield Hex.ofText("addresses are physical\n");
      }
      case "phys off" -> {
        virtual = true;
        yield Hex.ofText("addresses are the selected hart's own\n");
      }
      case "harts" -> {
        StringBuilder lines = new StringBuilder();
        for (int hart = 0; hart < harts(); hart++) {
          lines.append(describe(hart)).append('\n');
        }
        yield Hex.ofText(lines.toString());
      }
      default ->
          Hex.ofText(
              """
              monitor phys on|off: whether addresses of memory are physical
              monitor harts: what each hart does
              """);
    };
  }
}
