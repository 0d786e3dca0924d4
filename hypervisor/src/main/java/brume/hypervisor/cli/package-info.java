/// `brume vm`: one machine in the foreground, its console on this terminal.
///
/// The package owns options, terminal modes and exit statuses. It does not own anything of the
/// machine, and nothing of the cloud: no service needs to run.
@NullMarked
package brume.hypervisor.cli;

import org.jspecify.annotations.NullMarked;
