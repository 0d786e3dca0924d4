/// The interactive serial console: it owns the WebSocket, who may hold it, how many there are, and
/// what a session does between a user and a node. It does not own the serial line: that is the
/// node's, which also keeps what was printed (docs/0011).
@NullMarked
package brume.compute.serial;

import org.jspecify.annotations.NullMarked;
