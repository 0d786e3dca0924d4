/// Talking to the scheduler: it owns joining the cloud, the credential file, the exchange of
/// reports for the desired set, retries, and the lease. It does not own what is reported or what
/// follows from the desired set (`vm`).
@NullMarked
package brume.node.sync;

import org.jspecify.annotations.NullMarked;
