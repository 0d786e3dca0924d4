package brume.hypervisor.debug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.hypervisor.cli.VmCommand;
import brume.hypervisor.machine.Assembler;
import brume.hypervisor.machine.BootConfig;
import brume.hypervisor.machine.MachineConfig;
import brume.hypervisor.machine.MachineExit;
import brume.hypervisor.machine.TestGuests;
import brume.hypervisor.machine.VirtualMachine;
import brume.hypervisor.machine.VirtualProcessorScheduler;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A debugger of our own at a bare-metal guest of two harts. Hart 0 counts `s0` up in a loop and
/// stores it; hart 1 waits for an interrupt for ever; `s1` of hart 0 not zero ends the loop.
@Timeout(60)
class DebugServerTest {
  private static final long RAM = TestGuests.RAM, LOOP = RAM + 0x20, CELL = RAM + 0x1800;
  private static final int PC = 32, S0 = 8, S1 = 9;

  @TempDir Path folder;
  private final RunControl control = new RunControl();
  private final VirtualProcessorScheduler scheduler = new VirtualProcessorScheduler(1);
  private VirtualMachine machine;
  private DebugServer server;
  private DebuggerClient client;

  private static Assembler program() {
    Assembler code = new Assembler();
    code.csrr(Assembler.T0, 0xf14).bne(Assembler.T0, Assembler.ZERO, "second");
    // auipc s2, 1; addi s2, s2, 0x7f8: the cell at RAM + 0x1800.
    code.word(0x0000_1917).addi(Assembler.S2, Assembler.S2, 0x7f8);
    for (int at = 0x10; at < LOOP - RAM; at += 4) {
      code.addi(0, 0, 0);
    }
    code.label("loop").addi(Assembler.S0, Assembler.S0, 1);
    code.store(8, Assembler.S0, 0, Assembler.S2);
    code.load(8, Assembler.A0, 0, Assembler.S2);
    code.beq(Assembler.S1, Assembler.ZERO, "loop");
    TestGuests.exit(code, 42);
    return code.label("second").wfi().j("second");
  }

  /// Not in a set-up method, as its parts are made in order.
  private DebuggerClient connect() throws IOException {
    Path elf = TestGuests.elf(folder.resolve("guest"), program());
    MachineConfig config =
        MachineConfig.builder("debugged", new BootConfig.BareMetal(elf))
            .memoryBytes(2 << 20)
            .harts(2)
            .runner(control)
            .build();
    machine = VirtualMachine.create(config, scheduler);
    server = DebugServer.open(DebugServer.address("0"), machine, control);
    client = new DebuggerClient(server.address());
    return client;
  }

  @AfterEach
  void close() throws IOException {
    if (client != null) {
      client.close();
      server.close();
      machine.close();
    }
    scheduler.close();
  }

  @Test
  void breakpointStepRegistersAndMemory() throws IOException {
    DebuggerClient gdb = connect();
    assertThat(gdb.ask("?")).isEqualTo("T05thread:1;");
    assertThat(gdb.register(PC)).isEqualTo(RAM);
    assertThat(gdb.ask("Z0,%x,4".formatted(LOOP))).isEqualTo("OK");
    assertThat(gdb.ask("m%x,4".formatted(LOOP)))
        .as("the guest's code is whole")
        .isEqualTo("13041400");
    assertThat(gdb.ask("vCont;c")).isEqualTo("T05thread:1;");
    assertThat(gdb.register(PC)).isEqualTo(LOOP);
    assertThat(gdb.register(18)).isEqualTo(CELL);
    assertThat(gdb.ask("vCont;s:1;c:-1")).isEqualTo("T05thread:1;");
    assertThat(gdb.register(PC)).isEqualTo(LOOP + 4);
    assertThat(gdb.register(S0)).isEqualTo(1);
    assertThat(gdb.ask("P8=" + "0700000000000000")).isEqualTo("OK");
    assertThat(gdb.ask("s")).isEqualTo("T05thread:1;");
    assertThat(gdb.ask("m%x,8".formatted(CELL))).isEqualTo("0700000000000000");
    assertThat(gdb.ask("M%x,2:ffee".formatted(CELL))).isEqualTo("OK");
    assertThat(gdb.ask("X%x,2:}\u0003".formatted(CELL + 2) + "}")).as("cut").isEqualTo("E01");
    assertThat(gdb.ask("X%x,2:}\u0003a".formatted(CELL + 2))).isEqualTo("OK");
    assertThat(gdb.ask("m%x,4".formatted(CELL))).isEqualTo("ffee2361");
    String general = gdb.ask("g");
    assertThat(general).hasSize(16 * 33);
    assertThat(general.substring(16 * PC)).isEqualTo("2800008000000000");
    assertThat(gdb.ask("G" + general.replace("2800008000000000", "2400008000000000")))
        .isEqualTo("OK");
    assertThat(gdb.register(PC)).isEqualTo(LOOP + 4);
    assertThat(gdb.ask("z0,%x,4".formatted(LOOP))).isEqualTo("OK");
    assertThat(gdb.ask("P9=0100000000000000")).isEqualTo("OK");
    assertThat(gdb.ask("c")).as("runs to its end").isEqualTo("W2a");
    assertThat(machine.awaitExit()).isEqualTo(new MachineExit.PoweredOff(42));
  }

  @Test
  void codeThatTheDebuggerChangesIsWhatRuns() throws IOException {
    DebuggerClient gdb = connect();
    gdb.ask("Z0,%x,4".formatted(LOOP));
    gdb.ask("c");
    assertThat(gdb.ask("M%x,4:13041406".formatted(LOOP))).as("addi s0, s0, 97").isEqualTo("OK");
    gdb.ask("s");
    assertThat(gdb.register(S0)).isEqualTo(97);
  }

  @ParameterizedTest
  @CsvSource({
    "Z2, 0x80000024, watch, written",
    "Z3, 0x80000028, rwatch, read",
    "Z4, 0x80000024, awatch, either",
  })
  void watchpointsStopBeforeTheAccess(String type, String pc, String reply, String what)
      throws IOException {
    DebuggerClient gdb = connect();
    assertThat(gdb.ask("%s,%x,4".formatted(type, CELL + 4))).as(what).isEqualTo("OK");
    assertThat(gdb.ask("c")).isEqualTo("T05thread:1;%s:%x;".formatted(reply, CELL + 4));
    assertThat(gdb.register(PC)).isEqualTo(Long.decode(pc));
    assertThat(gdb.ask("s")).as("told once, it may go on").isEqualTo("T05thread:1;");
    assertThat(gdb.register(PC)).isEqualTo(Long.decode(pc) + 4);
    assertThat(gdb.ask("c")).as("next time").startsWith("T05thread:1;" + reply);
    assertThat(gdb.ask("%s,%x,4".formatted(type.replace('Z', 'z'), CELL + 4))).isEqualTo("OK");
    assertThat(gdb.ask("Z2,%x,8".formatted(CELL + 8))).as("a neighbour").isEqualTo("OK");
    gdb.send("c");
    gdb.interrupt();
    assertThat(gdb.reply()).isEqualTo("T02thread:1;");
  }

  @Test
  void aRunningGuestIsInterruptedAndGoesOn() throws IOException {
    DebuggerClient gdb = connect();
    gdb.stopAcknowledging();
    gdb.send("c");
    gdb.interrupt();
    assertThat(gdb.reply()).isEqualTo("T02thread:1;");
    assertThat(machine.state()).isEqualTo(VirtualMachine.State.PAUSED);
    gdb.ask("Z1,%x,4".formatted(LOOP + 4));
    assertThat(gdb.ask("c")).isEqualTo("T05thread:1;");
    long before = gdb.register(S0);
    gdb.ask("s");
    gdb.ask("c");
    assertThat(gdb.register(S0)).isEqualTo(before + 1);
  }

  @Test
  void hartsAreThreads() throws IOException {
    DebuggerClient gdb = connect();
    assertThat(gdb.ask("qfThreadInfo")).isEqualTo("m1,2");
    assertThat(gdb.ask("qsThreadInfo")).isEqualTo("l");
    assertThat(gdb.ask("T2")).isEqualTo("OK");
    assertThat(gdb.ask("T3")).isEqualTo("E01");
    assertThat(gdb.ask("Hg2")).isEqualTo("OK");
    assertThat(gdb.ask("qC")).isEqualTo("QC2");
    assertThat(gdb.ask("vCont;s:2")).isEqualTo("T05thread:2;");
    assertThat(gdb.register(5)).as("mhartid in t0").isEqualTo(1);
    assertThat(gdb.register(65 + 0xf14)).as("mhartid").isEqualTo(1);
    gdb.ask("Hg1");
    assertThat(gdb.register(PC)).as("hart 0 waited").isEqualTo(RAM);
    gdb.ask("Z0,%x,4".formatted(LOOP));
    assertThat(gdb.ask("vCont;c:1")).isEqualTo("T05thread:1;");
    gdb.ask("Hg2");
    assertThat(gdb.register(PC)).as("hart 1 waited").isEqualTo(RAM + 4);
    gdb.ask("z0,%x,4".formatted(LOOP));
    gdb.send("c");
    while (machine.counters().instructions() < 50_000) {
      Thread.onSpinWait();
    }
    gdb.interrupt();
    gdb.reply();
    assertThat(text(gdb.ask("qThreadExtraInfo,2"))).isEqualTo("hart 1, M-mode, waits");
    assertThat(gdb.ask("vCont;s:2")).as("a step ends wfi").isEqualTo("T05thread:2;");
    assertThat(text(gdb.ask("qRcmd," + hex("harts")))).contains("hart 0, M-mode, runs\nhart 1,");
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String text(String digits) {
    return new String(HexFormat.of().parseHex(digits), StandardCharsets.US_ASCII);
  }

  @Test
  void controlRegistersAndPrivilege() throws IOException {
    DebuggerClient gdb = connect();
    int mscratch = 65 + 0x340;
    assertThat(gdb.ask("P%x=efbeadde00000000".formatted(mscratch))).isEqualTo("OK");
    assertThat(gdb.register(mscratch)).isEqualTo(0xdead_beefL);
    assertThat(gdb.register(4161)).as("M-mode").isEqualTo(3);
    assertThat(gdb.ask("P1041=0200000000000000")).as("no such mode").isEqualTo("E01");
    assertThat(gdb.ask("P1041=0100000000000000")).isEqualTo("OK");
    assertThat(gdb.register(4161)).isEqualTo(1);
    assertThat(gdb.ask("P2a=182d4454fb210940")).as("fs1").isEqualTo("OK");
    assertThat(Double.longBitsToDouble(gdb.register(42))).isEqualTo(Math.PI);
    assertThat(gdb.ask("p%x".formatted(65 + 0x7ff))).isEqualTo("E01");
    assertThat(gdb.ask("P%x=0000000000000000".formatted(65 + 0xf14)))
        .as("read-only")
        .isEqualTo("E01");
  }

  @Test
  void addressesAreTheHartsOwnOrPhysical() throws IOException {
    DebuggerClient gdb = connect();
    // Sv39 at RAM + 0x3000: 1 GiB at 0 is RAM.
    gdb.ask("M%x,8:cf00002000000000".formatted(RAM + 0x3000));
    gdb.ask("P1041=0100000000000000");
    gdb.ask("P%x=%s".formatted(65 + 0x180, "0300080000000080"));
    assertThat(gdb.register(65 + 0x180)).isEqualTo(8L << 60 | 0x80003);
    assertThat(gdb.ask("m20,4")).isEqualTo("13041400");
    assertThat(gdb.ask("m%x,4".formatted(LOOP))).isEqualTo("E0e");
    gdb.ask("qRcmd," + hex("phys on"));
    assertThat(gdb.ask("m20,4")).isEqualTo("E0e");
    assertThat(gdb.ask("m%x,4".formatted(LOOP))).isEqualTo("13041400");
    assertThat(gdb.ask("m10000000,1")).as("a device is not read").isEqualTo("E0e");
    gdb.ask("qRcmd," + hex("phys off"));
    assertThat(gdb.ask("m20,4")).isEqualTo("13041400");
  }

  @Test
  void theDescriptionIsReadInPieces() throws IOException {
    DebuggerClient gdb = connect();
    StringBuilder xml = new StringBuilder();
    String piece;
    do {
      piece = gdb.ask("qXfer:features:read:target.xml:%x,3e8".formatted(xml.length()));
      xml.append(piece, 1, piece.length());
    } while (piece.charAt(0) == 'm');
    assertThat(piece).startsWith("l");
    assertThat(xml)
        .startsWith("<?xml")
        .contains("riscv:rv64", "name=\"pc\"", "name=\"satp\" bitsize=\"64\" regnum=\"449\"")
        .endsWith("</target>");
    assertThat(gdb.ask("qXfer:features:read:other.xml:0,100")).isEqualTo("E00");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "p",
        "pzz",
        "pffffffffffffffff",
        "P",
        "P1",
        "P1=",
        "P1=12",
        "Pffff=0000000000000000",
        "G00",
        "m",
        "m80000000",
        "m80000000,",
        "m80000000,ffffffffffffffff",
        "m80000000,10000",
        "m80000000,12345678901234567",
        "M80000000,2:00",
        "M80000000,1:0",
        "M80000000,1:zz",
        "M80000000,1",
        "X80000000,2:a",
        "Z0",
        "Z0,",
        "Z0,1",
        "Zx,1,1",
        "Z2,80000000,0",
        "Z2,80000000,ffffffff",
        "H",
        "Hx1",
        "Hg9",
        "Hg-2",
        "T",
        "T0",
        "vCont;",
        "vCont;x",
        "vCont;c:9",
        "vCont;s:zz",
        "czz",
        "qThreadExtraInfo,77"
      })
  void whatMakesNoSenseIsAnError(String packet) throws IOException {
    DebuggerClient gdb = connect();
    assertThat(gdb.ask(packet)).isEqualTo("E01");
    assertThat(gdb.register(PC)).isEqualTo(RAM);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "vMustReplyEmpty", "qNothing", "R00", "Z7,0,0", "vFile:open", "!"})
  void whatIsNotOfferedIsEmpty(String packet) throws IOException {
    assertThat(connect().ask(packet)).isEmpty();
  }

  @Test
  void memoryThatIsNotThereIsAnError() throws IOException {
    DebuggerClient gdb = connect();
    assertThat(gdb.ask("m0,4")).isEqualTo("E0e");
    assertThat(gdb.ask("M801fffff,2:0000")).isEqualTo("E0e");
    assertThat(gdb.ask("m801fffff,2")).as("what there is").isEqualTo("00");
    for (int i = 0; i < RunControl.POINTS_MAX; i++) {
      assertThat(gdb.ask("Z0,%x,2".formatted(2 * i))).isEqualTo("OK");
    }
    assertThat(gdb.ask("Z0,1234567,2")).as("too many").isEqualTo("E0e");
  }

  @Test
  void damagedAndEndlessPacketsDoNoHarm() throws IOException {
    DebuggerClient gdb = connect();
    gdb.raw("+++noise$qC#00");
    assertThat(gdb.readByte()).as("asks again").isEqualTo('-');
    assertThat(gdb.ask("qC")).isEqualTo("QC1");
    gdb.raw("-");
    assertThat(gdb.reply()).as("the last once more").isEqualTo("QC1");
    assertThat(gdb.ask("m" + "0".repeat(200_000))).isEqualTo("E01");
    assertThat(gdb.ask("qC")).isEqualTo("QC1");
  }

  @Test
  void noiseDoesNotEndTheMachine() throws IOException {
    long seed =
        System.getProperty("brume.test.seed") == null ? 20261122 : Long.getLong("brume.test.seed");
    System.out.println("DebugServerTest seed " + seed);
    Random random = new Random(seed);
    DebuggerClient gdb = connect();
    gdb.stopAcknowledging();
    String letters = "gGpPmMXZzHTqvQ?!,;:=-0123456789abcdef";
    for (int round = 0; round < 3_000; round++) {
      StringBuilder packet = new StringBuilder();
      for (int length = random.nextInt(12); length >= 0; length--) {
        packet.append(letters.charAt(random.nextInt(letters.length())));
      }
      if (packet.charAt(0) == 'c') {
        packet.insert(0, 'q');
      }
      gdb.ask(packet.toString());
    }
    assertThat(gdb.ask("Hg1")).isEqualTo("OK");
    assertThat(machine.state()).isEqualTo(VirtualMachine.State.PAUSED);
  }

  @Test
  void aDetachedGuestRunsOn() throws IOException {
    DebuggerClient gdb = connect();
    gdb.ask("Z0,%x,4".formatted(LOOP));
    gdb.ask("c");
    assertThat(gdb.ask("D")).isEqualTo("OK");
    while (machine.counters().instructions() < 100_000) {
      Thread.onSpinWait();
    }
    gdb.close();
    client = new DebuggerClient(server.address());
    assertThat(client.ask("?")).isEqualTo("T05thread:1;");
    assertThat(client.register(S0)).isGreaterThan(1_000);
    assertThat(client.ask("P%x=0100000000000000".formatted(S1))).isEqualTo("OK");
    assertThat(client.ask("c")).isEqualTo("W2a");
  }

  @Test
  void aKilledGuestEnds() throws IOException {
    DebuggerClient gdb = connect();
    gdb.send("k");
    assertThat(machine.awaitExit()).isEqualTo(new MachineExit.Stopped());
  }

  /// Repeated, as who closes the server may be sooner than the session to hear of the end.
  @RepeatedTest(20)
  void theCommandWaitsForItsDebugger() throws Exception {
    Path elf = TestGuests.elf(folder.resolve("short"), TestGuests.exit(new Assembler(), 5));
    PipedOutputStream errors = new PipedOutputStream();
    BufferedReader said =
        new BufferedReader(
            new InputStreamReader(new PipedInputStream(errors), StandardCharsets.UTF_8));
    CompletableFuture<Integer> status =
        CompletableFuture.supplyAsync(() ->
            VmCommand.run(
                new ByteArrayInputStream(new byte[0]),
                new ByteArrayOutputStream(),
                new PrintStream(errors, true, StandardCharsets.UTF_8),
                "--elf",
                elf.toString(),
                "--gdb",
                "0"));
    String line = said.readLine();
    assertThat(line).startsWith("brume vm: paused; gdb: target remote 127.0.0.1:");
    int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
    try (DebuggerClient gdb =
        new DebuggerClient(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
      assertThat(gdb.register(PC)).isEqualTo(RAM);
      assertThat(status).isNotDone();
      assertThat(gdb.ask("c")).isEqualTo("W05");
    }
    assertThat(status.get()).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "70000", "-1", "nowhere.invalid:1", "127.0.0.1:"})
  void anAddressThatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> DebugServer.address(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("gdb: '" + text + "'");
  }
}
