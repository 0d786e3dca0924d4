package brume.bench.guests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.hypervisor.cpu.Hart;
import brume.hypervisor.cpu.HartConfig;
import brume.hypervisor.memory.GuestRam;
import brume.hypervisor.memory.PhysicalMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/// The sum that the maker of the code works out is the one that a hart gets by running it.
class ColdCodeTest {
  private static final long CODE = 0x8000_0000L;
  private static final long ROOM = CODE + (1 << 20), END = ROOM + 4096;
  private static final int FUNCTIONS = 300;
  private static final int RETURN = 1, SUM = 10, ROOM_REGISTER = 11;
  private static final int LOOP = 0x6f; // j .

  @Test
  void aHartGetsTheSumThatWasWorkedOut() {
    ColdCode.Program program = ColdCode.of(FUNCTIONS);
    ByteBuffer file = ByteBuffer.wrap(program.file()).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(file.getInt(0)).isEqualTo(FUNCTIONS);
    assertThat(file.getInt(4)).isEqualTo(program.file().length);

    GuestRam ram = GuestRam.allocate(CODE, 2 << 20);
    ram.write(CODE, program.file(), 0, program.file().length);
    for (int i = 0; i < 64; i++) {
      ram.store64(ROOM + 8 * i, i);
    }
    ram.store32(END, LOOP);
    Hart hart = new Hart(0, new PhysicalMemory(ram), new HartConfig(null), () -> 0);
    long sum = 1;
    for (int i = 0; i < FUNCTIONS; i++) {
      hart.reset(CODE + file.getInt(8 + 4 * i), ROOM);
      hart.setX(SUM, sum);
      hart.setX(RETURN, END);
      hart.run(1000); // a function has fewer; the rest goes into the loop
      assertThat(hart.x(ROOM_REGISTER)).isEqualTo(ROOM);
      assertThat(hart.pc()).as("function %d came back", i).isEqualTo(END);
      sum = hart.x(SUM);
    }
    assertThat(sum).isEqualTo(program.sum());
    ram.close();
  }

  @Test
  void anImpossibleCountIsRefusedByName() {
    assertThatThrownBy(() -> ColdCode.of(0)).hasMessageContaining("functions must be 1 to 100000");
  }
}
