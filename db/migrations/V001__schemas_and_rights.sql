-- One schema for each service, one role for each schema. The roles are made before the first migration
-- (they belong to the cluster, not to this database). A service writes only its own schema and reads
-- only the views that the others publish for it: crossing the line is 'permission denied'.

CREATE EXTENSION IF NOT EXISTS btree_gist;  -- lets a text key stand beside a range in WITHOUT OVERLAPS

CREATE SCHEMA compute;
CREATE SCHEMA scheduling;
CREATE SCHEMA billing;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO brume_compute, brume_scheduling, brume_billing;  -- for the extension's operators

GRANT USAGE ON SCHEMA compute    TO brume_compute, brume_scheduling, brume_billing;
GRANT USAGE ON SCHEMA scheduling TO brume_compute, brume_scheduling, brume_billing;
GRANT USAGE ON SCHEMA billing    TO brume_compute, brume_billing;

ALTER DEFAULT PRIVILEGES IN SCHEMA compute    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO brume_compute;
ALTER DEFAULT PRIVILEGES IN SCHEMA scheduling GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO brume_scheduling;
ALTER DEFAULT PRIVILEGES IN SCHEMA billing    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO brume_billing;
ALTER DEFAULT PRIVILEGES IN SCHEMA compute    GRANT USAGE ON SEQUENCES TO brume_compute;
ALTER DEFAULT PRIVILEGES IN SCHEMA scheduling GRANT USAGE ON SEQUENCES TO brume_scheduling;
ALTER DEFAULT PRIVILEGES IN SCHEMA billing    GRANT USAGE ON SEQUENCES TO brume_billing;
