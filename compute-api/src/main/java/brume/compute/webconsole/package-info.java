/// The web console's files, as a browser asks for them at `/`. It does not own the console itself,
/// which is a module of its own and a client of the contract like any other: where that was not
/// built, a page says how to go on without it.
@NullMarked
package brume.compute.webconsole;

import org.jspecify.annotations.NullMarked;
