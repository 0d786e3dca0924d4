package brume.hypervisor.cpu;

import org.jspecify.annotations.Nullable;

/// A place that the flow enters by a jump, in front of its instruction: counts the instructions
/// that are interpreted from there on, and when that is worth it runs translated code instead.
///
/// Harts in parallel share it. What they count may then be a little off; what is installed and
/// forgotten is so under the lock of their [HartGroup], and read as one reference.
final class Head extends Instruction {
  /// Later translations of a page that keeps changing need that many times more work, as a power of
  /// two.
  private static final int PATIENCE_MAX = 10;

  /// So few instructions are a poor run; after so many runs the code is translated with more care.
  private static final int POOR = 8;

  private static final int POOR_RUNS_MAX = 10_000;

  /// What it costs to leave translated code and to enter other, in interpreted instructions.
  private static final int PASSAGE = 64;

  private static final long UNKNOWN = -1;
  private static final long NEVER = Long.MAX_VALUE;

  final CodePage page;
  final Instruction first;
  private long work;
  private long due = UNKNOWN;
  private int poorRuns;
  private boolean careful;
  private @Nullable Translation running;

  /// Made by the translator's thread, not yet looked at.
  private volatile @Nullable Translation made;

  Head(CodePage page, Instruction first) {
    super(first.raw);
    this.page = page;
    this.first = first;
    this.offset = first.offset;
    this.next = first;
  }

  /// Takes the place of a head before the first.
  static Head nowhere() {
    return new Head(new CodePage(-1), new SystemInstructions.Illegal(0));
  }

  @Override
  Instruction plain() {
    return first;
  }

  @Override
  Instruction execute(Hart h) {
    long credit = h.credit + 1;
    h.credit = credit;
    Translation translation = running;
    if (translation == null) {
      return count(h);
    }
    if (translation.code.wantsCare()) {
      beCareful();
      return count(h);
    }
    if (credit < translation.code.longest() || !translation.mayRun(h)) {
      return first;
    }
    long wayIn = translation.code.wayIn();
    if (wayIn != 0) {
      h.jumps.put(h.pageBase + offset, translation.code, wayIn);
      translation.footprint.dependIn(h);
    }
    long pc = translation.code.run(h);
    h.lastHead = this;
    h.lastHeadAt = h.retired();
    if ((pc & 1) == 0) {
      return h.jump(pc);
    }
    if (wayIn == 0 && credit - h.credit < POOR) {
      lookAtPoorRun();
    }
    return h.resume(pc & ~1);
  }

  /// Translated code that keeps giving up soon: accesses by one register may lie in two pages.
  private void lookAtPoorRun() {
    if (++poorRuns == POOR_RUNS_MAX && !careful) {
      beCareful();
    }
  }

  private void beCareful() {
    careful = true;
    running = null;
    due = 0;
  }

  /// Charges what was interpreted since the last head to that one; starts a translation when as
  /// much was spent on this as the translation will cost.
  private Instruction count(Hart h) {
    long now = h.retired();
    h.lastHead.work += now - h.lastHeadAt;
    if (h.lastHead.running != null) {
      work += PASSAGE;
    }
    h.lastHead = this;
    h.lastHeadAt = now;
    if (made == null) {
      if (work < due) {
        return first;
      }
      request(h);
      if (made == null) {
        return first;
      }
    }
    return install(h.group) ? this : first;
  }

  private void request(Hart h) {
    Translator translator = h.group.translator;
    if (due == UNKNOWN) {
      int patience = Math.min(page.translationsLost, PATIENCE_MAX);
      due = translator == null ? NEVER : translator.worth() << patience;
    }
    if (translator == null || work < due) {
      return;
    }
    due = NEVER;
    RegionPlan plan;
    Footprint footprint;
    synchronized (h.group) {
      RegionScout scout = new RegionScout(h, page, offset, careful);
      plan = scout.plan();
      footprint = scout.footprint();
    }
    if (!plan.operations().isEmpty()
        && !translator.translate(plan, code -> made = new Translation(code, footprint))) {
      due = 2 * work;
    }
  }

  /// False if the code of the guest has changed since the plan was made.
  private boolean install(HartGroup group) {
    synchronized (group) {
      Translation ready = made;
      made = null;
      if (ready == null || !ready.footprint.isCurrent()) {
        forget();
        return false;
      }
      ready.footprint.dependOn(this);
      running = ready;
      return true;
    }
  }

  /// The code below has changed: what was made of it is no longer true. Under the group's lock.
  void forget() {
    running = null;
    work = 0;
    due = UNKNOWN;
    poorRuns = 0;
    careful = false;
  }

  private record Translation(TranslatedCode code, Footprint footprint) {
    boolean mayRun(Hart h) {
      return code.fits(h) && (footprint.others.length == 0 || footprint.isMapped(h));
    }
  }

  /// The pages a translation was made of, as they were then.
  ///
  /// @param distances of the other pages from that of the entry, in pages
  @SuppressWarnings("ArrayRecordComponent") // Made and read in this package, never compared.
  record Footprint(CodePage home, int version, CodePage[] others, int[] distances, int[] versions) {
    boolean isCurrent() {
      boolean current = home.version == version;
      for (int i = 0; i < others.length; i++) {
        current &= others[i].version == versions[i];
      }
      return current;
    }

    /// Whether the address space has the other pages where they were.
    boolean isMapped(Hart h) {
      for (int i = 0; i < others.length; i++) {
        if (h.cachedPage(h.pageBase + (long) distances[i] * CodePage.BYTES) != others[i]) {
          return false;
        }
      }
      return true;
    }

    /// Jumps to this code hold as long as its pages are where they are.
    void dependIn(Hart h) {
      for (int distance : distances) {
        h.jumps.dependOn(h.pageBase + (long) distance * CodePage.BYTES);
      }
    }

    void dependOn(Head head) {
      home.translatedAt(head);
      for (CodePage other : others) {
        other.translatedAt(head);
      }
    }
  }
}
