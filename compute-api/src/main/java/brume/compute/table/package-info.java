/// Tables whose rows are records: one class that reads and writes them, for the features whose
/// objects are small and many. It does not own any table; the features do.
@NullMarked
package brume.compute.table;

import org.jspecify.annotations.NullMarked;
