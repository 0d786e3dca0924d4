package brume.hypervisor.cpu;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// From fetched bits to an [Instruction], by [Encoding]. Stateless.
final class Decoder {
  /// Candidates by major opcode and `funct3`, in the order of the table.
  private static final Encoding[][] CANDIDATES = candidates();

  private static Encoding[][] candidates() {
    List<List<Encoding>> lists = new ArrayList<>();
    for (int i = 0; i < 256; i++) {
      lists.add(new ArrayList<>());
    }
    int keyBits = 0x707c;
    for (Encoding encoding : Encoding.values()) {
      for (int i = 0; i < 256; i++) {
        int bits = (i & 31) << 2 | (i >>> 5) << 12;
        if (((bits ^ encoding.match()) & encoding.mask() & keyBits) == 0) {
          lists.get(i).add(encoding);
        }
      }
    }
    return lists.stream().map(list -> list.toArray(Encoding[]::new)).toArray(Encoding[][]::new);
  }

  /// `fetched`: 32 bits, or 16 where the lowest two are not both set.
  Instruction decode(int fetched) {
    boolean wide = (fetched & 3) == 3;
    int bits = wide ? fetched : Compressed.expand(fetched & 0xffff);
    Instruction instruction = make(bits, wide ? fetched : fetched & 0xffff);
    instruction.length = (byte) (wide ? 4 : 2);
    return instruction;
  }

  /// The table's row for 32 bits, or null for none.
  static @Nullable Encoding encoding(int bits) {
    if ((bits & 3) == 3) {
      for (Encoding encoding : CANDIDATES[(bits >>> 2 & 31) | (bits >>> 12 & 7) << 5]) {
        if (encoding.matches(bits)) {
          return encoding;
        }
      }
    }
    return null;
  }

  private static Instruction make(int bits, int raw) {
    Encoding encoding = encoding(bits);
    return encoding != null ? make(encoding, bits, raw) : new SystemInstructions.Illegal(raw);
  }

  /// An instruction's 32 bits, expanded where it is compressed.
  static int expanded(int fetched) {
    return (fetched & 3) == 3 ? fetched : Compressed.expand(fetched & 0xffff);
  }

  private static Instruction make(Encoding encoding, int bits, int raw) {
    return switch (encoding.group()) {
      case INTEGER -> IntegerInstructions.create(encoding, bits, raw);
      case CONTROL -> ControlInstructions.create(encoding, bits, raw);
      case MEMORY -> MemoryInstructions.create(encoding, bits, raw);
      case MULTIPLY -> MultiplyInstructions.create(encoding, bits, raw);
      case ATOMIC -> AtomicInstructions.create(encoding, bits, raw);
      case ADDRESS -> AddressInstructions.create(encoding, bits, raw);
      case BITS -> BitInstructions.create(encoding, bits, raw);
      case SYSTEM -> SystemInstructions.create(encoding, bits, raw);
      case CONTROL_REGISTER -> new CsrInstruction(encoding, bits, raw);
      case CACHE -> new CacheInstruction(encoding, bits, raw);
      case FLOAT_MEMORY -> FloatMemory.create(encoding, bits, raw);
      case SINGLE -> FloatArithmetic.create(encoding, bits, raw);
      case DOUBLE -> DoubleArithmetic.create(encoding, bits, raw);
      case FLOAT_MOVE -> FloatMoves.create(encoding, bits, raw);
    };
  }
}
