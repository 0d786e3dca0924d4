package brume.hypervisor.memory;

/// What a machine keeps of its code in decoded form, as its RAM sees it: to be told of writes to a
/// page that [GuestRam#markCode] was called for. Any thread that writes to the RAM.
public interface DecodedCode {
  /// Bytes `[from, to)` of RAM page `page` (numbered from the start of RAM) were written.
  void written(int page, int from, int to);

  /// Forgets the code of pages that nobody has entered since this was last called. Any thread.
  void forgetUnused();
}
