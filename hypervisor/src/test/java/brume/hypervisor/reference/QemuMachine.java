package brume.hypervisor.reference;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/// QEMU's `virt` machine as a [Machine], driven one instruction at a time through its debugger
/// interface: a third opinion about the tables and the random programs, for whoever has it
/// installed. What it cannot be made to do aborts the test with the reason.
///
/// Its RAM is a file that both map; what QEMU may have translated is written through the debugger.
final class QemuMachine implements Machine {
  private static final String PROGRAM = "qemu-system-riscv64";
  private static final int GUEST_MEGABYTES = 16;
  private static final long MSIP = 0x200_0000L;

  private final Path folder;
  private final Path ramFile;
  private final Path socket;
  private final MappedByteBuffer ram;
  private Process process;
  private DebuggerWire wire;
  private Map<String, Integer> registers = Map.of();
  private int firstCsr;
  private int firstFloat;
  private long steps;

  QemuMachine() {
    try {
      folder = Files.createTempDirectory("brume-qemu");
      ramFile = folder.resolve("ram");
      socket = folder.resolve("debugger");
      try (FileChannel channel =
          FileChannel.open(
              ramFile,
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE)) {
        ram = channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) GUEST_MEGABYTES << 20);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start();
  }

  private void start() {
    try {
      process = launch(ramFile, socket);
      wire = DebuggerWire.connect(socket, process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      wire.ask("qSupported:xmlRegisters=riscv");
      registers = wire.registers();
      firstCsr = number("mstatus") - 0x300;
      firstFloat = number("ft0");
      expectOk(wire.ask("Qqemu.PhyMemMode:1"));
      setPc(BASE);
    } catch (RuntimeException | Error refused) {
      close();
      throw refused;
    }
  }

  private int number(String name) {
    Integer number = registers.get(name);
    if (number == null) {
      throw new IllegalStateException("QEMU describes no register " + name);
    }
    return number;
  }

  private static Process launch(Path ramFile, Path socket) throws IOException {
    try {
      return new ProcessBuilder(
              List.of(
                  PROGRAM,
                  "-M",
                  "virt,memory-backend=ram",
                  "-cpu",
                  "rv64,h=off,svnapot=on,svinval=on,sstc=on,zba=on,zbb=on,zbc=on,zbs=on",
                  "-m",
                  GUEST_MEGABYTES + "M",
                  "-object",
                  "memory-backend-file,id=ram,share=on,size="
                      + GUEST_MEGABYTES
                      + "M,mem-path="
                      + ramFile,
                  "-bios",
                  "none",
                  "-display",
                  "none",
                  "-nodefaults",
                  "-S",
                  "-chardev",
                  "socket,id=debugger,server=on,wait=off,path=" + socket,
                  "-gdb",
                  "chardev:debugger"))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException missing) {
      throw new TestAbortedException("needs " + PROGRAM + ", which is not installed", missing);
    }
  }

  private static void expectOk(String answer) {
    if (!answer.equals("OK")) {
      throw new IllegalStateException("QEMU's debugger interface answers " + answer);
    }
  }

  private long register(int number) {
    String answer = wire.ask("p" + Integer.toHexString(number));
    if (answer.startsWith("E") && answer.length() == 3) {
      throw new TestAbortedException("QEMU has no register " + number);
    }
    return Long.reverseBytes(Long.parseUnsignedLong(answer, 16)) >>> (64 - 4 * answer.length());
  }

  private void setRegister(int number, long value) {
    String answer = wire.ask("P%x=%016x".formatted(number, Long.reverseBytes(value)));
    if (!answer.equals("OK")) {
      throw new TestAbortedException("QEMU has no register " + number);
    }
  }

  @Override
  public long load(long address, int bytes) {
    long offset = address - BASE;
    if (offset < 0 || offset + bytes > RAM_BYTES) {
      throw new IllegalArgumentException("not RAM: " + Long.toHexString(address));
    }
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      value = value << 8 | (ram.get((int) offset + i) & 0xff);
    }
    return value;
  }

  @Override
  public void store(long address, int bytes, long value) {
    byte[] all = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    write(address, java.util.Arrays.copyOf(all, bytes));
  }

  @Override
  public void write(long address, byte[] code) {
    for (int at = 0; at < code.length; at += 1024) {
      int length = Math.min(1024, code.length - at);
      String digits = java.util.HexFormat.of().formatHex(code, at, at + length);
      expectOk(wire.ask("M%x,%x:%s".formatted(address + at, length, digits)));
    }
  }

  @Override
  public byte[] ram() {
    byte[] bytes = new byte[RAM_BYTES];
    ram.get(0, bytes);
    return bytes;
  }

  @Override
  public long x(int register) {
    return register(register);
  }

  @Override
  public void setX(int register, long value) {
    if (register != 0) {
      setRegister(register, value);
    }
  }

  @Override
  public long f(int register) {
    return register(firstFloat + register);
  }

  @Override
  public void setF(int register, long value) {
    setRegister(firstFloat + register, value);
  }

  @Override
  public long pc() {
    return register(number("pc"));
  }

  /// `x0` to `x31` and the program counter at once, as each question costs a tenth of a
  /// millisecond.
  long[] general() {
    String digits = wire.ask("g");
    long[] values = new long[33];
    for (int i = 0; i < values.length; i++) {
      values[i] = Long.reverseBytes(Long.parseUnsignedLong(digits, 16 * i, 16 * i + 16, 16));
    }
    return values;
  }

  @Override
  public void setPc(long pc) {
    setRegister(number("pc"), pc);
  }

  @Override
  public int privilege() {
    return (int) register(number("priv"));
  }

  @Override
  public void setPrivilege(int privilege) {
    setRegister(number("priv"), privilege);
  }

  @Override
  public long csr(int number) {
    return register(firstCsr + number);
  }

  @Override
  public void setCsr(int number, long value) {
    setRegister(firstCsr + number, value);
  }

  @Override
  public void setInterrupt(int bit, boolean level) {
    if (bit != 3 && level) {
      throw new TestAbortedException("QEMU is given no interrupt line " + bit);
    }
    if (bit == 3) {
      store(MSIP, 4, level ? 1 : 0);
    }
  }

  @Override
  public void setTime(long time) {
    if (time != 0) {
      throw new TestAbortedException("QEMU's clock is its own");
    }
  }

  @Override
  public long retired() {
    return steps;
  }

  @Override
  public void run(long instructions) {
    attempt(Math.toIntExact(instructions));
  }

  /// At full speed, until the instruction there is next.
  void runTo(long address) {
    String place = "1,%x,4".formatted(address);
    expectOk(wire.ask("Z" + place));
    wire.ask("c");
    expectOk(wire.ask("z" + place));
  }

  @Override
  public void attempt(int count) {
    for (int i = 0; i < count; i++) {
      String stop = wire.ask("s");
      if (!stop.startsWith("T05") && !stop.startsWith("S05")) {
        throw new IllegalStateException("a step of QEMU ended with " + stop);
      }
      steps++;
    }
  }

  /// Another process: what is locked in physical memory protection outlives QEMU's own reset.
  @Override
  public void reset() {
    stop();
    start();
  }

  private void stop() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
      wire.close();
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop();
    try {
      Files.deleteIfExists(ramFile);
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
