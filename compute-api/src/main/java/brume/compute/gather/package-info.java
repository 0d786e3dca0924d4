/// Work that requests share: who comes while a piece of it is under way waits for the next piece,
/// together with all who came meanwhile. It owns the gathering and not the work. A request never
/// waits for others to come: alone, it is served at once.
@NullMarked
package brume.compute.gather;

import org.jspecify.annotations.NullMarked;
