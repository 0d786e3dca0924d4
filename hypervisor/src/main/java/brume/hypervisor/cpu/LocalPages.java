package brume.hypervisor.cpu;

import java.util.Arrays;

/// Pages that the supervisor reached in the address space of now and that are not marked global in
/// its page tables. A supervisor's translations have one number for all address spaces
/// ([TranslationContexts]), so that a kernel, which is mapped alike in all of them, is not learned
/// anew for each process; what is not global is forgotten when the space changes.
final class LocalPages {
  /// More of them, and the supervisor's numbers go out of use instead.
  private static final int MAX = 512;

  private final Hart hart;
  private long[] tags = new long[16];
  private int count;
  private boolean more;
  private long space;

  LocalPages(Hart hart) {
    this.hart = hart;
  }

  /// A translation under this tag is about to be kept.
  void add(long tag) {
    if (count == MAX) {
      more = true;
      return;
    }
    if (count == tags.length) {
      tags = Arrays.copyOf(tags, 2 * count);
    }
    tags[count++] = tag;
  }

  /// Answers whether the supervisor's numbers must go out of use.
  boolean enter(long satp) {
    if (satp == space) {
      return false;
    }
    space = satp;
    return forget();
  }

  boolean forget() {
    boolean all = more;
    for (int i = 0; i < count && !all; i++) {
      hart.loadBuffer.forgetTag(tags[i]);
      hart.storeBuffer.forgetTag(tags[i]);
      hart.fetchBuffer.forgetTag(tags[i]);
      hart.jumps.forget(tags[i]);
    }
    if (count > 0) {
      LoadSites.clear(hart.state);
    }
    count = 0;
    more = false;
    return all;
  }
}
