/// The edge of the service: problems as RFC 9457 says, and limits on requests. It owns how a
/// refusal looks; it does not own when one is made.
@NullMarked
package brume.scheduler.web;

import org.jspecify.annotations.NullMarked;
