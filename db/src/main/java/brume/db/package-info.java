/// The database that all services share: it owns the embedded PostgreSQL server, the roles of the
/// services, and the running of the migrations in `db/migrations`. It does not own any table: each
/// schema belongs to the service that its role is named after.
@NullMarked
package brume.db;

import org.jspecify.annotations.NullMarked;
