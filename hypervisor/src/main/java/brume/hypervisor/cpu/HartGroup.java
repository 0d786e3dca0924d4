package brume.hypervisor.cpu;

import brume.hypervisor.memory.DecodedCode;
import brume.hypervisor.memory.GuestRam;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the harts of one machine share: their decoded code.
///
/// Where harts run in parallel, any of them decodes and any writer forgets, each under this
/// object's lock; looking up goes without. So an instruction is entered into a page only when it is
/// whole and linked. A hart that still runs what was forgotten goes on in it until the flow leaves
/// it: links never lead from newer code to older. Nobody waits for anything while holding the lock.
final class HartGroup implements DecodedCode {
  /// About 40 bytes each: a guest that executes all of its RAM must not fill the host's memory.
  static final int DECODED_MAX = 1 << 20;

  /// A guest that executes no more between two looks for unused code has nothing to do.
  private static final long IDLE_INSTRUCTIONS = 10_000_000;

  /// So many looks in a row, and pages are decoded anew: of what they hold since the guest was
  /// busy, waiting needs a small part.
  private static final int IDLE_LOOKS = 2;

  /// How far decoding goes ahead of execution.
  private static final int RUN_MAX = 48;

  private static final int CHUNK_BITS = 9;

  final GuestRam ram;
  final Decoder decoder = new Decoder();
  final List<Hart> harts = new CopyOnWriteArrayList<>();

  /// Whether harts run at the same time; otherwise they take turns on one thread.
  boolean parallel;

  private final @Nullable CodePage[][] chunks;
  private int decoded;

  private long executed;
  private int idleLooks = IDLE_LOOKS;

  /// Where harts take turns: who of them ran last.
  @Nullable Hart lastRunner;

  final @Nullable Translator translator;

  HartGroup(GuestRam ram, HartConfig config) {
    this.ram = ram;
    this.translator = config.translator();
    int pages = Math.toIntExact(ram.size() >>> GuestRam.PAGE_BITS);
    this.chunks = new CodePage[(pages >>> CHUNK_BITS) + 1][];
  }

  /// Before any of them runs.
  void join(Hart hart, boolean inParallel) {
    harts.add(hart);
    parallel |= inParallel;
  }

  int size() {
    return harts.size();
  }

  /// Begins a run of a hart: from here on it answers between its instructions.
  synchronized void enter(Hart hart) {
    hart.runner = Thread.currentThread();
  }

  /// Ends it: a hart at rest has no stores of its own that others do not know of.
  synchronized void leave(Hart hart) {
    if ((hart.csrs.interrupts.signals.get() & Interrupts.CODE_STORES) != 0) {
      dropCodeStores(hart);
    }
    hart.runner = null;
  }

  /// On the hart's own thread, as [Rendezvous] says.
  synchronized void dropCodeStores(Hart hart) {
    for (int page : hart.mmu.dropCodeStores()) {
      forget(page(page));
    }
    hart.csrs.interrupts.lower(Interrupts.CODE_STORES);
  }

  /// The code of one page of RAM; always the same object.
  CodePage page(int number) {
    @Nullable CodePage[] chunk = chunks[number >>> CHUNK_BITS];
    CodePage page = chunk == null ? null : chunk[number & ((1 << CHUNK_BITS) - 1)];
    return page != null ? page : makePage(number);
  }

  private synchronized CodePage makePage(int number) {
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

  /// The place at `offset`, as one that the flow enters by a jump.
  Instruction enter(CodePage page, int offset) {
    Instruction known = page.at(offset);
    if (known instanceof Head || (known != null && translator == null)) {
      return known;
    }
    if (translator == null) {
      return decode(page, offset);
    }
    synchronized (this) {
      Instruction first = decode(page, offset);
      if (first instanceof Head || first instanceof Steps.CrossPage) {
        return first;
      }
      Head head = new Head(page, first);
      VarHandle.releaseFence();
      page.enter(head);
      return head;
    }
  }

  /// Decodes from `offset` on until the flow surely leaves, meets what is decoded, or far enough.
  /// On the thread of the hart that wants to run it.
  synchronized Instruction decode(CodePage page, int offset) {
    Instruction known = page.at(offset);
    if (known != null) {
      return known;
    }
    if (page.decoded == 0) {
      if (decoded > DECODED_MAX) {
        forgetAll();
      }
      page.used = true;
      if (ram.markCode(page.number)) {
        closeStores(page.number);
      }
    }
    @Nullable Instruction[] run = new Instruction[RUN_MAX];
    Instruction first = decodeOne(page, offset);
    Instruction last = first;
    for (int i = 0; ; ) {
      run[i++] = last;
      int behind = last.offset + last.length;
      if (behind >= CodePage.BYTES) {
        last.next = last instanceof Steps.CrossPage ? last : new Steps.Refetch(behind);
        break;
      }
      known = page.at(behind);
      if (known != null) {
        last.next = known;
        break;
      }
      if (i == RUN_MAX || last instanceof Leaving) {
        last.next = new Steps.Undecoded(last, behind);
        break;
      }
      Instruction instruction = decodeOne(page, behind);
      last.next = instruction;
      last = instruction;
    }
    // Others find it without the lock.
    VarHandle.releaseFence();
    for (Instruction instruction : run) {
      if (instruction == null) {
        break;
      }
      page.put(instruction);
      decoded++;
    }
    return first;
  }

  /// No hart's stores to this page go the fast way any more, or it will say when.
  private void closeStores(int number) {
    for (Hart hart : harts) {
      Thread runner = hart.runner;
      if (runner == null || runner == Thread.currentThread()) {
        hart.mmu.dropStores(number);
      } else {
        hart.csrs.interrupts.raise(Interrupts.CODE_STORES);
      }
    }
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
      // Its lowest bits may have changed since: still one of 32 bits, as the page was read so.
      instruction = decoder.decode(ram.load16(address + 2) << 16 | low);
    }
    instruction.offset = (short) offset;
    return instruction;
  }

  @Override
  public synchronized void written(int number, int from, int to) {
    CodePage page = page(number);
    if (page.touches(from, to)) {
      forget(page);
    }
  }

  private void forget(CodePage page) {
    decoded -= page.decoded;
    boolean translated = page.isTranslated();
    page.clear();
    if (translated) {
      // Not before: a hart that hears of it may enter the old code into its jumps once more.
      harts.forEach(hart -> hart.jumps.outdate());
    }
    ram.unmarkCode(page.number);
  }

  private void forgetAll() {
    eachDecoded(this::forget);
  }

  private void eachDecoded(Consumer<CodePage> action) {
    for (@Nullable CodePage[] chunk : chunks) {
      if (chunk != null) {
        for (CodePage page : chunk) {
          if (page != null && page.decoded > 0) {
            action.accept(page);
          }
        }
      }
    }
  }

  @Override
  public synchronized void forgetUnused() {
    boolean cheap = translator != null && translator.isCheap();
    boolean idle = hasBecomeIdle();
    eachDecoded(page -> {
      if ((idle || !page.used) && (cheap || !page.isTranslated())) {
        // Nothing was wrong with the translations: the next ones need no more patience.
        int lost = page.translationsLost;
        forget(page);
        page.translationsLost = lost;
      }
      page.used = false;
    });
    harts.forEach(hart -> {
      hart.fetchBuffer.outdate();
      hart.jumps.outdate();
    });
  }

  /// Once, until it has been busy again.
  private boolean hasBecomeIdle() {
    long now = 0;
    for (Hart hart : harts) {
      now += hart.retired();
    }
    idleLooks = now - executed < IDLE_INSTRUCTIONS ? idleLooks + 1 : 0;
    executed = now;
    return idleLooks == IDLE_LOOKS;
  }
}
