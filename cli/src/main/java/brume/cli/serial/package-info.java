/// The interactive serial console: bytes from the keyboard to the guest and back over a WebSocket.
/// It owns the detach key and how a session ends; it does not own the terminal's settings, nor what
/// the bytes mean.
@NullMarked
package brume.cli.serial;

import org.jspecify.annotations.NullMarked;
