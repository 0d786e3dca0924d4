/// Measurements, each printed beside its aim from SPECIFICATION.md. It owns no test: nothing here
/// fails a build, as a figure depends on the machine and on what else it does.
@NullMarked
package brume.bench;

import org.jspecify.annotations.NullMarked;
