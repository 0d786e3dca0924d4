/// Key pairs: made here, with the private half shown once, or imported. It owns their forms and
/// fingerprints. It does not bring them into guests, which have no way yet to ask for them.
@NullMarked
package brume.compute.keypair;

import org.jspecify.annotations.NullMarked;
