package brume.hypervisor.reference;

/// What an access to memory wants, with the causes of its two kinds of fault.
enum Access {
  FETCH(ReferenceTrap.FETCH_ACCESS, ReferenceTrap.FETCH_PAGE),
  LOAD(ReferenceTrap.LOAD_ACCESS, ReferenceTrap.LOAD_PAGE),
  STORE(ReferenceTrap.STORE_ACCESS, ReferenceTrap.STORE_PAGE);

  final int accessFault;
  final int pageFault;

  Access(int accessFault, int pageFault) {
    this.accessFault = accessFault;
    this.pageFault = pageFault;
  }
}
