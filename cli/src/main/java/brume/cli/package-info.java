/// The command line: verbs a person expects, over the REST API and nothing else. It owns how things
/// are typed, shown and waited for; it does not own any rule of the cloud, and reads no database or
/// data folder but the address and token that `brume up` leaves for the commands beside it. It
/// starts in less time than a person notices: no annotations are read, no beans bound, and what a
/// command does not need is not loaded.
@NullMarked
package brume.cli;

import org.jspecify.annotations.NullMarked;
