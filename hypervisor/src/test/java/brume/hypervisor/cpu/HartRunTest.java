package brume.hypervisor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.memory.GuestRam;
import brume.hypervisor.memory.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HartRunTest {
  private static final long BASE = 0x8000_0000L;

  private final GuestRam ram = GuestRam.allocate(BASE, 1 << 20);
  private final PhysicalMemory memory = new PhysicalMemory(ram);
  private final Hart hart = new Hart(0, memory, new HartConfig(null), () -> 0);

  @AfterEach
  void close() {
    ram.close();
  }

  private void code(int... words) {
    for (int i = 0; i < words.length; i++) {
      ram.store32(BASE + 4L * i, words[i]);
    }
    hart.reset(BASE, 0);
  }

  @Test
  void aLoopRunsToItsEndAndEveryInstructionIsCounted() {
    code(
        0x06400293, // li t0, 100
        0x00a28293, // addi t0, t0, 10
        0xfff28293, // loop: addi t0, t0, -1
        0xfe029ee3, // bnez t0, loop
        0x0000006f); // j .
    assertThat(hart.run(2 + 2 * 110)).isEqualTo(2 + 2 * 110);
    assertThat(hart.pc()).isEqualTo(BASE + 16);
    assertThat(hart.x(5)).isZero();
    assertThat(hart.csr(Csr.MINSTRET)).isEqualTo(hart.retired());
  }

  @Test
  void oneStepAtATimeGoesWhereARunGoes() {
    code(0x00128293, 0x00128293, 0x00000073, 0x00128293);
    hart.setCsr(Csr.MTVEC, BASE + 12);
    assertThat(hart.run(1)).isEqualTo(1);
    assertThat(hart.pc()).isEqualTo(BASE + 4);
    assertThat(hart.run(1)).isEqualTo(1);
    assertThat(hart.run(1)).as("an ecall traps and does not retire").isZero();
    assertThat(hart.pc()).isEqualTo(BASE + 12);
    assertThat(hart.csr(Csr.MCAUSE)).isEqualTo(Cause.CALL_FROM_M);
    assertThat(hart.csr(Csr.MEPC)).isEqualTo(BASE + 8);
    assertThat(hart.run(1)).isEqualTo(1);
    assertThat(hart.x(5)).isEqualTo(3);
  }

  @Test
  void aGuestWhoseTrapHandlerIsNowhereSpendsItsBudget() {
    code(0);
    hart.setCsr(Csr.MTVEC, 0x1000);
    assertThat(hart.run(100_000)).isZero();
    assertThat(hart.csr(Csr.MCAUSE)).isEqualTo(Cause.FETCH_ACCESS);
    assertThat(hart.csr(Csr.MTVAL)).isEqualTo(0x1000);
  }

  @Test
  void codeThatIsNotRunIsForgottenAndDecodedAgainWhenItIs() {
    code(0x00001317, 0x000300e7, 0xffdff06f); // auipc t1, 1; loop: jalr t1; j loop
    ram.store32(BASE + 4096, 0x00128293); // addi t0, t0, 1
    ram.store32(BASE + 4100, 0x00008067); // ret
    CodePage far = hart.group.page(1);
    assertThat(hart.run(1 + 4 * 10)).isEqualTo(41);
    memory.forgetUnusedCode();
    assertThat(far.decoded).as("it may have been run a moment ago").isEqualTo(2);
    assertThat(hart.run(4)).isEqualTo(4);
    memory.forgetUnusedCode();
    assertThat(far.decoded).as("it was run since").isEqualTo(2);
    memory.forgetUnusedCode();
    assertThat(far.decoded).isZero();
    assertThat(hart.run(4 * 10)).isEqualTo(40);
    assertThat(hart.x(5)).isEqualTo(21);
    assertThat(hart.pc()).isEqualTo(BASE + 4);
  }

  @Test
  void whatABusyGuestLeftBehindIsForgottenOnceItWaits() {
    code(0x00001317, 0x000300e7, 0xffdff06f); // auipc t1, 1; loop: jalr t1; j loop
    ram.store32(BASE + 4096, 0x00128293); // addi t0, t0, 1
    ram.store32(BASE + 4100, 0x00008067); // ret
    CodePage far = hart.group.page(1);
    assertThat(hart.run(1 + 4 * 3_000_000)).isEqualTo(12_000_001);
    List<Integer> decoded = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      memory.forgetUnusedCode();
      decoded.add(far.decoded);
      hart.run(4);
    }
    assertThat(decoded).containsExactly(2, 2, 0, 2, 2);
    assertThat(hart.x(5)).isEqualTo(3_000_005);
  }
}
