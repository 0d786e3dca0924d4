-- More that an account is held to, its own policies, and the trail of what was changed by whom.

ALTER TABLE compute.account
  ADD COLUMN volumes_max             integer NOT NULL DEFAULT 1000 CHECK (volumes_max >= 0),
  ADD COLUMN addresses_max           integer NOT NULL DEFAULT 100 CHECK (addresses_max >= 0),
  ADD COLUMN requests_per_second_max integer NOT NULL DEFAULT 2000 CHECK (requests_per_second_max >= 1),
  ADD COLUMN version                 bigint NOT NULL DEFAULT 1;  -- counts edits, for If-Match

-- What an account forbids its own people, or limits them to. Read with every request, so there are few.
CREATE TABLE compute.policy (
  id         text PRIMARY KEY CHECK (id ~ '^pol-[0-9a-f]{17}$'),
  account_id text NOT NULL REFERENCES compute.account,
  name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
  effect     text NOT NULL CHECK (effect IN ('allow', 'deny')),
  actions    text NOT NULL CHECK (length(actions) BETWEEN 1 AND 4000),  -- patterns, a blank between
  types      text NOT NULL DEFAULT '' CHECK (length(types) <= 2000),    -- patterns of instance types; none: any
  tags       jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(tags) = 'object'),  -- patterns by key; none: any
  created_at timestamptz NOT NULL,
  version    bigint NOT NULL DEFAULT 1,
  UNIQUE (account_id, name),
  CONSTRAINT an_allowance_limits CHECK (effect = 'deny' OR types <> '' OR tags <> '{}'::jsonb)
);

-- Every call that changed something or was refused to: written in the change's own transaction.
CREATE TABLE compute.audit_entry (
  id           text PRIMARY KEY CHECK (id ~ '^aud-[0-9a-f]{17}$'),  -- in the order of time
  account_id   text NOT NULL,
  at           timestamptz NOT NULL,
  action       text NOT NULL CHECK (length(action) <= 64),
  outcome      text NOT NULL CHECK (outcome IN ('done', 'refused')),
  code         text CHECK (length(code) <= 64),      -- why it was refused
  detail       text CHECK (length(detail) <= 1000),
  resources    text NOT NULL DEFAULT '' CHECK (length(resources) <= 4000),  -- ids, a blank between
  principal    text NOT NULL,                         -- the credential
  user_id      text,
  from_address text NOT NULL CHECK (length(from_address) <= 64),
  request_id   text NOT NULL CHECK (length(request_id) <= 64)
);
CREATE INDEX audit_entry_by_account ON compute.audit_entry (account_id, id);
CREATE INDEX audit_entry_by_age ON compute.audit_entry (at);
REVOKE UPDATE ON compute.audit_entry FROM brume_compute;

-- The trail can be shortened at its old end and nowhere else, whoever gets hold of the service's role.
CREATE FUNCTION compute.guard_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.at > now() - interval '90 days' THEN
    RAISE EXCEPTION 'audit entry % is younger than 90 days and stays', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER guard_audit BEFORE DELETE ON compute.audit_entry FOR EACH ROW EXECUTE FUNCTION compute.guard_audit();
