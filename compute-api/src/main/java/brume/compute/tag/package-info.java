/// Tags of everything that has an id: their rules, and where they are kept. Instances keep theirs
/// beside them (`instance`).
@NullMarked
package brume.compute.tag;

import org.jspecify.annotations.NullMarked;
