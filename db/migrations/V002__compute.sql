-- Written by compute-api alone: accounts, what may be launched, and what users want.

CREATE TABLE compute.account (
  id             text PRIMARY KEY CHECK (id ~ '^[0-9]{12}$'),
  name           text NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
  instances_max  integer NOT NULL CHECK (instances_max >= 0),   -- quotas count what is not terminated
  vcpu_max       integer NOT NULL CHECK (vcpu_max >= 0),
  memory_mib_max bigint  NOT NULL CHECK (memory_mib_max >= 0),
  created_at     timestamptz NOT NULL
);

CREATE TABLE compute.api_token (
  id             text PRIMARY KEY CHECK (id ~ '^tok-[0-9a-f]{17}$'),
  account_id     text NOT NULL REFERENCES compute.account,
  label          text NOT NULL CHECK (length(label) BETWEEN 1 AND 128),
  digest         bytea NOT NULL UNIQUE CHECK (length(digest) = 32),  -- SHA-256: the token itself is shown once
  role           text NOT NULL CHECK (role IN ('owner', 'operator', 'reader')),
  cloud_operator boolean NOT NULL DEFAULT false,                      -- may see nodes and other cloud-wide things
  created_at     timestamptz NOT NULL,
  expires_at     timestamptz,
  revoked_at     timestamptz
);

CREATE TABLE compute.instance_type (
  name             text PRIMARY KEY CHECK (name ~ '^[a-z0-9]+\.[a-z0-9]+$'),
  vcpu             integer NOT NULL CHECK (vcpu BETWEEN 1 AND 8),
  memory_mib       integer NOT NULL CHECK (memory_mib BETWEEN 16 AND 1048576),
  baseline_percent integer NOT NULL CHECK (baseline_percent BETWEEN 1 AND vcpu * 100),
  sort_order       integer NOT NULL UNIQUE
);

INSERT INTO compute.instance_type (name, vcpu, memory_mib, baseline_percent, sort_order) VALUES
  ('e1.nano',   1,  128,   5, 1),
  ('e1.micro',  1,  256,  10, 2),
  ('e1.small',  1,  512,  20, 3),
  ('e1.medium', 2, 1024,  40, 4),
  ('e1.large',  2, 2048,  60, 5),
  ('e1.xlarge', 4, 4096, 160, 6);

CREATE TABLE compute.image (
  id             text PRIMARY KEY CHECK (id ~ '^ami-[0-9a-f]{17}$'),
  account_id     text REFERENCES compute.account,   -- null: the cloud's own, seen by everyone
  name           text NOT NULL CHECK (name ~ '^[a-zA-Z0-9][a-zA-Z0-9()./_ -]{2,127}$'),
  description    text NOT NULL DEFAULT '' CHECK (length(description) <= 255),
  architecture   text NOT NULL CHECK (architecture = 'riscv64'),
  source         text NOT NULL CHECK (source ~ '^(builtin|file|blob):.+$' AND length(source) <= 500),
  memory_mib_min integer NOT NULL CHECK (memory_mib_min >= 16),
  created_at     timestamptz NOT NULL,
  UNIQUE NULLS NOT DISTINCT (account_id, name)      -- a name finds one image
);

INSERT INTO compute.image (id, account_id, name, description, architecture, source, memory_mib_min, created_at) VALUES
  ('ami-00000000000000001', NULL, 'debian-micro', 'Debian riscv64 kernel with busybox: boots in seconds',
   'riscv64', 'builtin:debian-micro', 96, '2026-01-01T00:00:00Z');

CREATE TABLE compute.instance (
  id               text PRIMARY KEY CHECK (id ~ '^i-[0-9a-f]{17}$'),
  account_id       text NOT NULL REFERENCES compute.account,
  reservation_id   text NOT NULL CHECK (reservation_id ~ '^r-[0-9a-f]{17}$'),  -- one request's instances
  launch_index     integer NOT NULL CHECK (launch_index >= 0),
  name             text CHECK (length(name) <= 255),
  image_id         text NOT NULL REFERENCES compute.image,
  instance_type    text NOT NULL REFERENCES compute.instance_type,
  vcpu             integer NOT NULL CHECK (vcpu > 0),         -- as the type was at the launch
  memory_mib       integer NOT NULL CHECK (memory_mib > 0),
  baseline_percent integer NOT NULL CHECK (baseline_percent > 0),
  zone             text,                                       -- null: wherever there is room
  user_data        bytea CHECK (length(user_data) <= 16384),   -- EC2's limit
  intent           text NOT NULL CHECK (intent IN ('RUN', 'STOP', 'HIBERNATE', 'TERMINATE')),
  generation       bigint NOT NULL DEFAULT 1 CHECK (generation >= 1),
  reboots          bigint NOT NULL DEFAULT 0 CHECK (reboots >= 0),
  intent_cause     text NOT NULL DEFAULT 'USER' CHECK (intent_cause IN ('USER', 'GUEST_POWEROFF', 'GUEST_FAILURE')),
  intent_reason    text CHECK (length(intent_reason) <= 500),  -- what the guest's end said, when it is not the user's call
  created_at       timestamptz NOT NULL,
  intent_at        timestamptz NOT NULL,
  terminated_at    timestamptz,
  version          bigint NOT NULL DEFAULT 0,
  UNIQUE (reservation_id, launch_index),
  CONSTRAINT only_terminated_ends CHECK (terminated_at IS NULL OR intent = 'TERMINATE')
);
CREATE INDEX instance_by_account ON compute.instance (account_id, id);
-- The scheduler asks for what still lives, over and over; the dead are most of the table after a year.
CREATE INDEX instance_alive ON compute.instance (id) WHERE terminated_at IS NULL;
-- Counting a quota and listing what is not dead: without a look at the account's dead.
CREATE INDEX instance_held ON compute.instance (account_id, id) INCLUDE (vcpu, memory_mib) WHERE intent <> 'TERMINATE';
-- What the loops look at each second: guests that ended by themselves, and ends that are not marked yet.
CREATE INDEX instance_wanted ON compute.instance (id) WHERE intent = 'RUN';
CREATE INDEX instance_ending ON compute.instance (id) WHERE intent = 'TERMINATE' AND terminated_at IS NULL;

-- TERMINATE is absorbing and generations only grow, whoever writes: a constraint can't see the old row.
CREATE FUNCTION compute.guard_intent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.intent = 'TERMINATE' AND NEW.intent <> 'TERMINATE' THEN
    RAISE EXCEPTION 'instance % is terminated: its intent can not change', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.generation < OLD.generation OR (NEW.intent <> OLD.intent AND NEW.generation = OLD.generation) THEN
    RAISE EXCEPTION 'instance %: a change of intent needs a newer generation', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_intent BEFORE UPDATE ON compute.instance FOR EACH ROW EXECUTE FUNCTION compute.guard_intent();

CREATE TABLE compute.instance_tag (
  instance_id text NOT NULL REFERENCES compute.instance,
  key         text NOT NULL CHECK (length(key) BETWEEN 1 AND 128),
  value       text NOT NULL CHECK (length(value) <= 256),
  PRIMARY KEY (instance_id, key)
);
CREATE INDEX instance_tag_by_key ON compute.instance_tag (key, value);

-- Who asked for each change of intent: what an invoice line is explained by.
CREATE TABLE compute.intent_change (
  instance_id text NOT NULL REFERENCES compute.instance,
  generation  bigint NOT NULL,
  intent      text NOT NULL,
  principal   text NOT NULL,   -- a token's id, or 'guest' when the guest powered itself off
  request_id  text NOT NULL,
  at          timestamptz NOT NULL,
  PRIMARY KEY (instance_id, generation)
);
REVOKE UPDATE, DELETE ON compute.intent_change FROM brume_compute;

-- The answer to a request is stored in the request's own transaction, so that asking again after a
-- crash gives the first answer and never a second instance.
CREATE TABLE compute.idempotent_request (
  account_id  text NOT NULL REFERENCES compute.account,
  key         text NOT NULL CHECK (length(key) BETWEEN 1 AND 128),
  operation   text NOT NULL,
  body_digest bytea NOT NULL CHECK (length(body_digest) = 32),
  status      integer NOT NULL,
  answer      text NOT NULL,
  created_at  timestamptz NOT NULL,
  PRIMARY KEY (account_id, key)
);
CREATE INDEX idempotent_request_by_age ON compute.idempotent_request (created_at);

-- Published for the scheduler: everything that is not terminated and done with.
CREATE VIEW compute.instance_intent AS
  SELECT i.id AS instance_id, i.account_id, i.reservation_id, i.instance_type, i.vcpu, i.memory_mib,
         i.baseline_percent, i.zone, m.source AS image_source, i.user_data, i.intent, i.generation,
         i.reboots, i.created_at
  FROM compute.instance i JOIN compute.image m ON m.id = i.image_id
  WHERE i.terminated_at IS NULL;
GRANT SELECT ON compute.instance_intent TO brume_scheduling;

-- Published for billing: names and tags for invoice lines, also of what is gone.
CREATE VIEW compute.billable_instance AS
  SELECT i.id AS instance_id, i.account_id, i.name, i.instance_type, i.image_id, i.created_at,
         coalesce((SELECT jsonb_object_agg(t.key, t.value) FROM compute.instance_tag t WHERE t.instance_id = i.id),
                  '{}'::jsonb) AS tags
  FROM compute.instance i;
GRANT SELECT ON compute.billable_instance TO brume_billing;

-- Published for billing: who a bearer token is. Billing checks its callers itself; compute-api only
-- forwards, so no service has to trust another's word.
CREATE VIEW compute.token_principal AS
  SELECT t.digest, t.id AS token_id, t.account_id, a.name AS account_name, t.role, t.cloud_operator, t.expires_at
  FROM compute.api_token t JOIN compute.account a ON a.id = t.account_id
  WHERE t.revoked_at IS NULL;
GRANT SELECT ON compute.token_principal TO brume_billing;
