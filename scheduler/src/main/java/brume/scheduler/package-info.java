/// The scheduler: it decides where instances run and keeps the facts about them. This package owns
/// how the service is put together and configured; it does not own any decision or any table.
@NullMarked
package brume.scheduler;

import org.jspecify.annotations.NullMarked;
