/// What a node and the scheduler say to each other over HTTP, as JSON: registration, and the
/// exchange of reports (facts, upwards) for the desired state (intent, downwards). It owns the
/// shapes and their limits; the scheduler owns what is decided, the node-agent what is done.
@NullMarked
package brume.contract.sync;

import org.jspecify.annotations.NullMarked;
