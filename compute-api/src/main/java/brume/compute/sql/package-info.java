/// How values come out of the database. It owns no table.
@NullMarked
package brume.compute.sql;

import org.jspecify.annotations.NullMarked;
