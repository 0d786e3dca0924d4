/// compute-api: the front door of the cloud. It owns what users want (accounts, tokens, images,
/// instances and their intent, the schema `compute`) and the REST contract `/v1`. It does not own
/// what is true (the scheduler's facts) nor what it costs (billing).
@NullMarked
package brume.compute;

import org.jspecify.annotations.NullMarked;
