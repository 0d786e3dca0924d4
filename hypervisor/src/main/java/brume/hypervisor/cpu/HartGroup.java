package brume.hypervisor.cpu;

import brume.hypervisor.memory.DecodedCode;
import brume.hypervisor.memory.GuestRam;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the harts of one machine share: their decoded code, and who of them ran last. They take
/// turns on one thread.
final class HartGroup implements DecodedCode {
  /// About 45 bytes each: a guest that executes all of its RAM must not fill the host's memory.
  static final int DECODED_MAX = 1 << 20;

  /// How far decoding goes ahead of execution.
  private static final int RUN_MAX = 48;

  private static final int CHUNK_BITS = 9;

  final GuestRam ram;
  final Decoder decoder = new Decoder();
  private final List<Hart> harts = new ArrayList<>();
  private final @Nullable CodePage[][] chunks;
  private int decoded;
  @Nullable Hart lastRunner;

  HartGroup(GuestRam ram) {
    this.ram = ram;
    int pages = Math.toIntExact(ram.size() >>> GuestRam.PAGE_BITS);
    this.chunks = new CodePage[(pages >>> CHUNK_BITS) + 1][];
  }

  void join(Hart hart) {
    harts.add(hart);
  }

  int size() {
    return harts.size();
  }

  CodePage page(int number) {
    @Nullable CodePage[] chunk = chunks[number >>> CHUNK_BITS];
    if (chunk == null) {
      chunk = new CodePage[1 << CHUNK_BITS];
      chunks[number >>> CHUNK_BITS] = chunk;
    }
    CodePage page = chunk[number & ((1 << CHUNK_BITS) - 1)];
    if (page == null) {
      page = new CodePage(number);
      chunk[number & ((1 << CHUNK_BITS) - 1)] = page;
    }
    return page;
  }

  /// Decodes from `offset` on until the flow surely leaves, meets what is decoded, or far enough.
  Instruction decode(CodePage page, int offset) {
    if (page.decoded == 0) {
      if (decoded > DECODED_MAX) {
        forgetAll();
      }
      if (ram.markCode(page.number)) {
        for (Hart hart : harts) {
          hart.mmu.dropStores(page.number);
        }
      }
    }
    Instruction first = decodeOne(page, offset);
    Instruction last = first;
    for (int i = 1; ; i++) {
      int behind = last.offset + last.length;
      if (behind >= CodePage.BYTES) {
        last.next = last instanceof Steps.CrossPage ? last : new Steps.Refetch(behind);
        break;
      }
      Instruction known = page.slots[behind >>> 1];
      if (known != null) {
        last.next = known;
        break;
      }
      if (i >= RUN_MAX || last instanceof Leaving) {
        last.next = new Steps.Undecoded(last, behind);
        break;
      }
      Instruction instruction = decodeOne(page, behind);
      last.next = instruction;
      last = instruction;
    }
    return first;
  }

  private Instruction decodeOne(CodePage page, int offset) {
    long address = ram.base() + ((long) page.number << GuestRam.PAGE_BITS) + offset;
    Instruction instruction;
    int low = ram.load16(address);
    if ((low & 3) != 3) {
      instruction = decoder.decode(low);
    } else if (offset == CodePage.BYTES - 2) {
      instruction = new Steps.CrossPage(this, low);
    } else {
      instruction = decoder.decode(ram.load32(address));
    }
    instruction.offset = (short) offset;
    page.put(instruction);
    decoded++;
    return instruction;
  }

  @Override
  public void written(int number, int from, int to) {
    CodePage page = page(number);
    if (page.touches(from, to)) {
      forget(page);
    }
  }

  private void forget(CodePage page) {
    decoded -= page.decoded;
    page.clear();
    ram.unmarkCode(page.number);
  }

  private void forgetAll() {
    for (@Nullable CodePage[] chunk : chunks) {
      if (chunk != null) {
        for (CodePage page : chunk) {
          if (page != null && page.decoded > 0) {
            forget(page);
          }
        }
      }
    }
  }
}
