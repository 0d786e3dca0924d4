/// Checks of documents that the cloud has issued, without asking the cloud. Owns what is proven and
/// how. Does not own how it is shown.
@NullMarked
package brume.cli.proof;

import org.jspecify.annotations.NullMarked;
