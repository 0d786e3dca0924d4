/// Signing a browser in and out: it owns the sessions and what a browser is told of who it is. It
/// does not own what a session may do: that is its token's, which `access` asks for with each
/// request.
@NullMarked
package brume.compute.session;

import org.jspecify.annotations.NullMarked;
