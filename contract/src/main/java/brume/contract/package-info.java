/// The values that services share: ids, resources, states, and the place of the user's cache. It
/// owns their meaning and their limits; it does not own any behaviour of a service, any storage, or
/// any framework's annotations.
@NullMarked
package brume.contract;

import org.jspecify.annotations.NullMarked;
