package brume.hypervisor.cpu;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The names of the control and status registers that this machine has, as the privileged
/// specification writes them (§2.2), by number.
public final class CsrNames {
  private static final Map<Integer, String> NAMES = Collections.unmodifiableMap(make());

  private CsrNames() {}

  private static Map<Integer, String> make() {
    Map<Integer, String> names = new TreeMap<>();
    row(names, Csr.FFLAGS, "fflags", "frm", "fcsr");
    row(names, Csr.SSTATUS, "sstatus");
    row(names, Csr.SIE, "sie", "stvec", "scounteren");
    row(names, Csr.SENVCFG, "senvcfg");
    row(names, Csr.SSCRATCH, "sscratch", "sepc", "scause", "stval", "sip");
    row(names, Csr.STIMECMP, "stimecmp");
    row(names, Csr.SATP, "satp");
    row(names, Csr.MSTATUS, "mstatus", "misa", "medeleg", "mideleg", "mie", "mtvec", "mcounteren");
    row(names, Csr.MENVCFG, "menvcfg");
    row(names, Csr.MCOUNTINHIBIT, "mcountinhibit");
    numbered(names, Csr.MHPMEVENT3, "mhpmevent", 3, 31);
    row(names, Csr.MSCRATCH, "mscratch", "mepc", "mcause", "mtval", "mip");
    row(names, Csr.PMPCFG0, "pmpcfg0");
    row(names, Csr.PMPCFG2, "pmpcfg2");
    numbered(names, Csr.PMPADDR0, "pmpaddr", 0, 15);
    row(names, Csr.TSELECT, "tselect", "tdata1", "tdata2", "tdata3", "tinfo");
    row(names, Csr.MCYCLE, "mcycle");
    row(names, Csr.MINSTRET, "minstret");
    numbered(names, Csr.MHPMCOUNTER3, "mhpmcounter", 3, 31);
    row(names, Csr.CYCLE, "cycle", "time", "instret");
    numbered(names, Csr.HPMCOUNTER3, "hpmcounter", 3, 31);
    row(names, Csr.MVENDORID, "mvendorid", "marchid", "mimpid", "mhartid", "mconfigptr");
    return names;
  }

  private static void row(Map<Integer, String> names, int first, String... inOrder) {
    for (int i = 0; i < inOrder.length; i++) {
      names.put(first + i, inOrder[i]);
    }
  }

  private static void numbered(
      Map<Integer, String> names, int first, String prefix, int from, int to) {
    for (int number = from; number <= to; number++) {
      names.put(first + number - from, prefix + number);
    }
  }

  /// All numbers, rising.
  public static List<Integer> numbers() {
    return new ArrayList<>(NAMES.keySet());
  }

  /// A number that is no register of ours stays a number.
  public static String of(int number) {
    return NAMES.getOrDefault(number, "0x" + Integer.toHexString(number));
  }
}
