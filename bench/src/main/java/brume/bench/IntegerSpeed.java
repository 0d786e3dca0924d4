package brume.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Million instructions per second of one guest on integer code (`integer.c`: CRC, sieve, sort), as
/// `brume vm --stats` reports them: instructions over processor seconds, the JVM's warm-up
/// included.
final class IntegerSpeed {
  private static final double AIM = 200;
  private static final Pattern MIPS = Pattern.compile("([0-9.]+) million instructions/s");

  private IntegerSpeed() {}

  static void measure(int runs) throws IOException, InterruptedException {
    Path kernel = Files.createTempFile("brume-integer", ".img");
    Files.write(kernel, kernel());
    List<Double> speeds = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      speeds.add(once(kernel));
    }
    Files.delete(kernel);
    Report.print("integer code, brume vm", speeds, "M instructions/s", AIM, Report.Better.MORE);
  }

  private static double once(Path kernel) throws IOException, InterruptedException {
    Process process =
        Processes.java(
                "brume.hypervisor.cli.VmCommand",
                List.of("--kernel", kernel.toString(), "--memory", "64M", "--stats"))
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    Matcher found = MIPS.matcher(said);
    if (exit != 0 || !found.find()) {
      throw new IllegalStateException("brume vm ended with " + exit + ": " + said);
    }
    System.out.println("  " + said.strip());
    return Double.parseDouble(found.group(1));
  }

  /// The program behind the header that makes it a kernel (Linux' boot-image-header.rst).
  private static byte[] kernel() throws IOException {
    byte[] program;
    try (@Nullable InputStream in = IntegerSpeed.class.getResourceAsStream("integer.bin")) {
      if (in == null) {
        throw new IllegalStateException("integer.bin is not on the class path");
      }
      program = in.readAllBytes();
    }
    ByteBuffer image = ByteBuffer.allocate(64 + program.length).order(ByteOrder.LITTLE_ENDIAN);
    image.putInt(0x0400006f).putInt(0); // j +64
    image.putLong(0x200000).putLong(image.capacity()).putLong(0);
    image.putInt(2).putInt(0).putLong(0);
    image.put("RISCV\0\0\0RSC\u0005".getBytes(StandardCharsets.US_ASCII)).putInt(0);
    return image.put(program).array();
  }
}
