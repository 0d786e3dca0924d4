package brume.hypervisor.device;

/// Collects what serial port and firmware print, character by character, and hands it on in pieces:
/// when the buffer is full and whenever the machine calls [#flush].
public final class ConsoleOutput {
  private final ByteSink sink;
  private final TrafficCounter traffic;
  private final byte[] buffer = new byte[1024];
  private int used;

  public ConsoleOutput(ByteSink sink, TrafficCounter traffic) {
    this.sink = sink;
    this.traffic = traffic;
  }

  public void put(int character) {
    if (used == buffer.length) {
      flush();
    }
    buffer[used++] = (byte) character;
  }

  public void flush() {
    if (used > 0) {
      int length = used;
      used = 0;
      traffic.fromGuest(length);
      sink.accept(buffer, 0, length);
    }
  }
}
