package brume.hypervisor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PmpTest {
  private static final int R = 1, W = 2, X = 4, TOR = 8, NA4 = 16, NAPOT = 24, L = 0x80;
  private final Pmp pmp = new Pmp();

  private void entry(int index, int config, long pmpaddr) {
    pmp.writeAddress(index, pmpaddr);
    int shift = 8 * (index & 7);
    long others = pmp.readConfig(index / 8 * 2) & ~(0xffL << shift);
    pmp.writeConfig(index / 8 * 2, others | (long) config << shift);
  }

  @ParameterizedTest(name = "{0} bytes at {1}: load by S {2}, by M {3}")
  @CsvSource({
    "8, 0x80001000, true,  true", // inside the NAPOT region of 4 KiB
    "8, 0x80001ffc, false, false", // half out of it
    "4, 0x80000ffc, false, true", // just below: no entry matches
    "4, 0x80002000, true,  true", // the NA4 entry behind it
    "8, 0x80002000, false, false",
    "4, 0x80003000, false, true", // below the TOR region
    "4, 0x80003800, true,  true",
    "4, 0x80004000, false, true", // its end
  })
  void regionsDecide(int bytes, String address, boolean supervisor, boolean machine) {
    entry(0, R | NAPOT, 0x80001000L >>> 2 | 0x1ff);
    entry(1, R | NA4, 0x80002000L >>> 2);
    entry(2, 0, 0x80003800L >>> 2);
    entry(3, R | W | TOR, 0x80004000L >>> 2);
    long at = Long.decode(address);
    assertThat(pmp.allows(at, bytes, Mmu.LOAD, Privilege.SUPERVISOR)).isEqualTo(supervisor);
    assertThat(pmp.allows(at, bytes, Mmu.LOAD, Privilege.MACHINE)).isEqualTo(machine);
  }

  @Test
  void theLowestEntryDecidesAndEachPermissionIsItsOwn() {
    entry(0, R | NAPOT, 0x80001000L >>> 2 | 0x1ff);
    entry(1, R | W | X | NAPOT, -1);
    assertThat(pmp.allows(0x80001000L, 4, Mmu.STORE, Privilege.USER)).isFalse();
    assertThat(pmp.allows(0x80001000L, 4, Mmu.FETCH, Privilege.USER)).isFalse();
    assertThat(pmp.allows(0x80002000L, 4, Mmu.STORE, Privilege.USER)).isTrue();
    assertThat(pmp.allows(0x80002000L, 4, Mmu.FETCH, Privilege.USER)).isTrue();
  }

  /// The bottom of a TOR region at or above its top: it matches nothing (§3.7.1), not even an
  /// access that reaches over both.
  @ParameterizedTest
  @CsvSource({"0x80001004, 0x80001004", "0x80001004, 0x80001000", "0x80002000, 0x80001004"})
  void anEmptyRegionInTheMidstOfAnAccessMatchesNothing(String bottom, String top) {
    entry(0, 0, Long.decode(bottom) >>> 2);
    entry(1, TOR, Long.decode(top) >>> 2);
    entry(2, R | W | X | NAPOT, -1);
    assertThat(pmp.allows(0x80001000L, 8, Mmu.LOAD, Privilege.USER)).isTrue();
    assertThat(pmp.allows(0x80001000L, 8, Mmu.STORE, Privilege.SUPERVISOR)).isTrue();
    assertThat(pmp.uniform(0x80001000L)).isTrue();
  }

  /// Byte for byte, as §3.7.1 has it: the lowest entry that matches any byte decides and must match
  /// all of them. Regions and accesses are packed into 64 bytes, so that their edges meet.
  @Test
  void regionsThatMeetAccessesDecideAsTheirBytesDo() {
    long seed = 0x70_6d_71;
    SplittableRandom random = new SplittableRandom(seed);
    int allowed = 0;
    for (int round = 0; round < 2_000; round++) {
      pmp.reset();
      int[] config = new int[4];
      for (int i = 0; i < 4; i++) {
        config[i] = random.nextInt(32);
        int size = (1 << random.nextInt(4)) - 1;
        entry(i, config[i], 0x2000_0000L + random.nextInt(16) | size);
      }
      for (int access = 0; access < 40; access++) {
        int bytes = 1 << random.nextInt(4);
        long at = 0x8000_0000L + random.nextInt(72);
        boolean expected = allowsByBytes(config, at, bytes);
        allowed += expected ? 1 : 0;
        assertThat(pmp.allows(at, bytes, Mmu.LOAD, Privilege.USER))
            .as("seed %x round %d: %d bytes at %x", seed, round, bytes, at)
            .isEqualTo(expected);
      }
    }
    assertThat(allowed).isBetween(5_000, 75_000);
  }

  private boolean allowsByBytes(int[] config, long at, int bytes) {
    for (int i = 0; i < config.length; i++) {
      int matched = 0;
      for (long one = at; one < at + bytes; one++) {
        matched += matches(config[i], i, one) ? 1 : 0;
      }
      if (matched > 0) {
        return matched == bytes && (pmp.readConfig(0) >>> (8 * i) & R) != 0;
      }
    }
    return false;
  }

  private boolean matches(int config, int entry, long at) {
    long word = at >>> 2;
    long address = pmp.readAddress(entry);
    return switch (config & NAPOT) {
      case 0 -> false;
      case TOR -> word < address && (entry == 0 || word >= pmp.readAddress(entry - 1));
      case NA4 -> word == address;
      default -> ((word ^ address) & ~(address ^ (address + 1))) == 0;
    };
  }

  @Test
  void aLockedEntryBindsMachineModeAndCannotBeChanged() {
    entry(1, L | R | TOR, 0x9000);
    entry(1, R | W | X | NAPOT, 0x1234);
    pmp.writeAddress(0, 0x77);
    assertThat(pmp.readConfig(0)).isEqualTo((long) (L | R | TOR) << 8);
    assertThat(pmp.readAddress(1)).isEqualTo(0x9000);
    assertThat(pmp.readAddress(0)).as("the bottom of a locked TOR region").isZero();
    assertThat(pmp.allows(0x100, 4, Mmu.STORE, Privilege.MACHINE)).isFalse();
    assertThat(pmp.allows(0x100, 4, Mmu.LOAD, Privilege.MACHINE)).isTrue();
  }

  @Test
  void reservedAndWideBitsAreNotKept() {
    entry(0, R | TOR, -1);
    entry(0, W | TOR | 0x60, -1);
    assertThat(pmp.readConfig(0)).isEqualTo(TOR);
    assertThat(pmp.readAddress(0)).isEqualTo((1L << 54) - 1);
  }

  /// What a translation buffer keeps for a whole page must be what each access would be told.
  @Test
  void aUniformPageHasOneAnswerForAllItsBytes() {
    long seed = 0x706d70;
    SplittableRandom random = new SplittableRandom(seed);
    int uniform = 0;
    for (int round = 0; round < 300; round++) {
      pmp.reset();
      for (int i = 0; i < 4; i++) {
        int config = random.nextInt(32);
        entry(i, config, 0x20000000L + random.nextInt(0x1000) | (random.nextBoolean() ? 0x3ff : 0));
      }
      for (long page = 0x80000000L; page < 0x80004000L; page += 4096) {
        if (pmp.uniform(page)) {
          uniform++;
          boolean first = pmp.allows(page, 4, Mmu.LOAD, Privilege.SUPERVISOR);
          for (long at = page; at < page + 4096; at += 4) {
            assertThat(pmp.allows(at, 4, Mmu.LOAD, Privilege.SUPERVISOR))
                .as("seed %x round %d at %x", seed, round, at)
                .isEqualTo(first);
          }
        }
      }
    }
    assertThat(uniform).isGreaterThan(100);
  }
}
