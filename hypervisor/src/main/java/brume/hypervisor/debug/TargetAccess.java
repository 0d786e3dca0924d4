package brume.hypervisor.debug;

import brume.hypervisor.cpu.Hart;
import brume.hypervisor.cpu.Inspection;
import brume.hypervisor.firmware.HartStates;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Answers what a debugger asks of registers and memory of one hart of a paused machine. Everything
/// asked is checked; what cannot be is answered by an error of the protocol: `E01` for a request
/// that says nothing sensible, `E0e` for memory that is not there.
final class TargetAccess {
  static final String BAD_REQUEST = "E01", NO_MEMORY = "E0e", OK = "OK";

  /// Bytes of one request.
  private static final int BYTES_MAX = PacketStream.PAYLOAD_BYTES_MAX / 2;

  private final HartStates harts;
  private final Hart hart;
  private final boolean virtual;

  /// @param virtual whether addresses are the hart's own, or physical
  TargetAccess(HartStates harts, int hart, boolean virtual) {
    this.harts = harts;
    this.hart = harts.hart(hart);
    this.virtual = virtual;
  }

  /// Packet `g`.
  String generalRegisters() {
    StringBuilder all = new StringBuilder(16 * TargetRegisters.GENERAL);
    for (int number = 0; number < TargetRegisters.GENERAL; number++) {
      Long value = TargetRegisters.read(hart, number);
      all.append(Hex.ofRegister(value == null ? 0 : value));
    }
    return all.toString();
  }

  /// Packet `G`.
  String setGeneralRegisters(String digits) {
    if (digits.length() != 16 * TargetRegisters.GENERAL || Hex.bytes(digits) == null) {
      return BAD_REQUEST;
    }
    for (int number = 0; number < TargetRegisters.GENERAL; number++) {
      Long value = Hex.register(digits.substring(16 * number, 16 * number + 16));
      if (value == null || !TargetRegisters.write(hart, number, value)) {
        return BAD_REQUEST;
      }
    }
    return OK;
  }

  /// Packet `p`.
  String register(String number) {
    Long wanted = Hex.number(number);
    Long value = wanted == null ? null : TargetRegisters.read(hart, clamp(wanted));
    return value == null ? BAD_REQUEST : Hex.ofRegister(value);
  }

  private static int clamp(long number) {
    return number < 0 || number > 0xffff ? -1 : (int) number;
  }

  /// Packet `P`: `number=value`.
  String setRegister(String assignment) {
    String[] parts = assignment.split("=", 2);
    Long number = Hex.number(parts[0]);
    Long value = parts.length < 2 ? null : Hex.register(parts[1]);
    return number != null && value != null && TargetRegisters.write(hart, clamp(number), value)
        ? OK
        : BAD_REQUEST;
  }

  /// `address,length`, with a length that one request may have; null for anything else.
  private record Range(long address, int length) {
    static @Nullable Range parse(String text) {
      String[] parts = text.split(",", 2);
      Long address = Hex.number(parts[0]);
      Long length = parts.length < 2 ? null : Hex.number(parts[1]);
      return address == null || length == null || length < 0 || length > BYTES_MAX
          ? null
          : new Range(address, length.intValue());
    }
  }

  /// Packet `m`. Answers what there is of the range, from its start.
  String memory(String range) {
    Range wanted = Range.parse(range);
    if (wanted == null) {
      return BAD_REQUEST;
    }
    byte[] bytes = new byte[wanted.length()];
    int there = new Inspection(hart).read(wanted.address(), virtual, bytes);
    return there == 0 && wanted.length() > 0 ? NO_MEMORY : Hex.of(bytes, there);
  }

  /// Packets `M` (hexadecimal) and `X` (bytes).
  String setMemory(String assignment, boolean binary) {
    String[] parts = assignment.split(":", 2);
    Range range = Range.parse(parts[0]);
    if (range == null || parts.length < 2) {
      return BAD_REQUEST;
    }
    byte[] bytes = binary ? parts[1].getBytes(StandardCharsets.ISO_8859_1) : Hex.bytes(parts[1]);
    if (bytes == null || bytes.length != range.length()) {
      return BAD_REQUEST;
    }
    return new Inspection(hart).write(range.address(), virtual, bytes) ? OK : NO_MEMORY;
  }

  /// What a hart is doing, for people.
  String describe() {
    String mode =
        switch (hart.privilege()) {
          case 0 -> "U";
          case 1 -> "S";
          default -> "M";
        };
    String doing = !harts.isStarted(hart.id()) ? "stopped" : hart.isWaiting() ? "waits" : "runs";
    return String.format(Locale.ROOT, "hart %d, %s-mode, %s", hart.id(), mode, doing);
  }
}
