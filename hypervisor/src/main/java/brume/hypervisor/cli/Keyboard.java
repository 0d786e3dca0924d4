package brume.hypervisor.cli;

import brume.hypervisor.machine.VirtualMachine;
import java.io.IOException;
import java.io.InputStream;

/// Carries stdin to the guest until it ends. On a raw terminal Ctrl-A is the escape: Ctrl-A x ends
/// the machine, Ctrl-A Ctrl-A is a Ctrl-A for the guest. From a pipe every byte is the guest's.
final class Keyboard implements Runnable {
  private static final int ESCAPE = 1;

  private final InputStream input;
  private final VirtualMachine machine;
  private final boolean escapes;
  private boolean escaped;
  private volatile boolean quit;

  Keyboard(InputStream input, VirtualMachine machine, boolean escapes) {
    this.input = input;
    this.machine = machine;
    this.escapes = escapes;
  }

  boolean quit() {
    return quit;
  }

  @Override
  public void run() {
    byte[] buffer = new byte[1024];
    byte[] forGuest = new byte[1024];
    try {
      for (int count = input.read(buffer); count >= 0 && !quit; count = input.read(buffer)) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
          if (isForGuest(buffer[i])) {
            forGuest[kept++] = buffer[i];
          }
        }
        if (quit) {
          machine.stop();
        } else {
          type(forGuest, kept);
        }
      }
    } catch (IOException closed) {
      // As at the end of the input: the guest goes on without.
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isForGuest(byte key) {
    if (!escapes) {
      return true;
    }
    if (escaped) {
      escaped = false;
      quit |= key == 'x' || key == 'X';
      return key == ESCAPE;
    }
    escaped = key == ESCAPE;
    return !escaped;
  }

  /// Waits while the guest does not read, so that a pipe is held up and loses nothing.
  private void type(byte[] bytes, int length) throws InterruptedException {
    int done = 0;
    while (done < length && machine.state() != VirtualMachine.State.ENDED) {
      int taken = machine.type(bytes, done, length - done);
      done += taken;
      if (taken == 0) {
        Thread.sleep(20);
      }
    }
  }
}
