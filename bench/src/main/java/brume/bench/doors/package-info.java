/// How fast the two doors answer: launches that are durable, and pages of what is there. It owns
/// the clients and what they measure; the cloud it measures is the one users start.
@NullMarked
package brume.bench.doors;

import org.jspecify.annotations.NullMarked;
