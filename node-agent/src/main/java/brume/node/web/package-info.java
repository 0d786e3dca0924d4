/// What the node shows of itself over HTTP: it owns the console endpoint and its access check,
/// health and metrics. It does not own what is shown.
@NullMarked
package brume.node.web;

import org.jspecify.annotations.NullMarked;
