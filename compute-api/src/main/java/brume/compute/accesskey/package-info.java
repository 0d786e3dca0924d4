/// Access keys: pairs of an id and a secret with which clients of the EC2 door sign requests, and
/// the sealing that keeps the secrets unreadable in the database. It does not own signatures.
@NullMarked
package brume.compute.accesskey;

import org.jspecify.annotations.NullMarked;
