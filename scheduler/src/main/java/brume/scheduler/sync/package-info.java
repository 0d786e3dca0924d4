/// The endpoint that nodes talk to: a report goes up, the desired set comes down. It owns who a
/// node is, what of a report is believed, and when an answer is worth sending. It does not own the
/// decision where anything runs, nor how facts are stored (`fleet`).
@NullMarked
package brume.scheduler.sync;

import org.jspecify.annotations.NullMarked;
