package brume.hypervisor.cli;

import brume.hypervisor.device.ByteSink;
import java.io.IOException;
import java.io.OutputStream;

/// Puts the guest's console on a stream. A reader that is slow slows the guest, as there is only
/// this one; a reader that has gone ends nothing: what the guest prints is then lost.
final class StreamSink implements ByteSink {
  private final OutputStream stream;
  private boolean broken;

  StreamSink(OutputStream stream) {
    this.stream = stream;
  }

  @Override
  public void accept(byte[] bytes, int offset, int length) {
    if (broken) {
      return;
    }
    try {
      stream.write(bytes, offset, length);
      stream.flush();
    } catch (IOException closed) {
      broken = true;
    }
  }
}
