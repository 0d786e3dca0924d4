/// The whole cloud in one process: it owns the data folder, the order in which things start and
/// stop, and the `up` and `tour` commands. It does not own anything a service does: the four
/// services run in contexts of their own and talk over loopback and the database, as they would
/// across machines.
@NullMarked
package brume.standalone;

import org.jspecify.annotations.NullMarked;
