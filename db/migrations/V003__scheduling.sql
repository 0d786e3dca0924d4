-- Written by the scheduler alone: nodes, what they hold, and what they said happened.

-- One-time tokens with which nodes join. A used one stays, so that using it twice is refused by name.
CREATE TABLE scheduling.join_token (
  digest     bytea PRIMARY KEY CHECK (length(digest) = 32),
  created_at timestamptz NOT NULL,
  used_by    text,
  used_at    timestamptz
);

CREATE TABLE scheduling.node (
  id                text PRIMARY KEY CHECK (id ~ '^node-[0-9a-f]{17}$'),
  name              text NOT NULL UNIQUE,
  zone              text NOT NULL,
  address           text NOT NULL,
  secret_digest     bytea NOT NULL UNIQUE CHECK (length(secret_digest) = 32),
  access_token      text NOT NULL DEFAULT '',       -- what compute-api shows at the node's own port
  vcpu              integer NOT NULL CHECK (vcpu >= 0),
  memory_mib        integer NOT NULL CHECK (memory_mib >= 0),
  vcpu_used         integer NOT NULL DEFAULT 0 CHECK (vcpu_used >= 0),
  memory_mib_used   integer NOT NULL DEFAULT 0 CHECK (memory_mib_used >= 0),
  ready             boolean NOT NULL DEFAULT false,  -- has a lease and takes new work
  draining          boolean NOT NULL DEFAULT false,
  boot_id           text,
  event_sequence    bigint NOT NULL DEFAULT 0,       -- the last event of this boot that is durable here
  registered_at     timestamptz NOT NULL,
  report_monotonic  bigint,                          -- when that boot made its last accepted report: an older one is late
  counters_at       timestamptz,                     -- when counters were last written: not at every report
  last_heartbeat_at timestamptz,                     -- of the last report that was acknowledged
  lease_expires_at  timestamptz
);

-- The boots that a node had before: a report of one of them that was long under way must not look like
-- another restart of the agent.
CREATE TABLE scheduling.node_boot (
  node_id  text NOT NULL REFERENCES scheduling.node,
  boot_id  text NOT NULL,
  ended_at timestamptz NOT NULL,
  PRIMARY KEY (node_id, boot_id)
);

CREATE SEQUENCE scheduling.epoch;  -- fencing numbers: only ever grow, over all instances

CREATE TABLE scheduling.allocation (
  instance_id    text NOT NULL,
  epoch          bigint NOT NULL,
  node_id        text NOT NULL REFERENCES scheduling.node,
  account_id     text NOT NULL,
  instance_type  text NOT NULL,
  role           text NOT NULL DEFAULT 'primary' CHECK (role IN ('primary', 'migration-target')),
  generation     bigint NOT NULL,                    -- of the intent that asked for it
  vcpu           integer NOT NULL CHECK (vcpu > 0),
  memory_mib     integer NOT NULL CHECK (memory_mib > 0),
  allocated_at   timestamptz NOT NULL,
  released_at    timestamptz,
  PRIMARY KEY (instance_id, epoch)
);
-- One live primary for an instance: two schedulers that race for it can't both win.
CREATE UNIQUE INDEX allocation_live_primary ON scheduling.allocation (instance_id)
  WHERE released_at IS NULL AND role = 'primary';
CREATE INDEX allocation_live_by_node ON scheduling.allocation (node_id) WHERE released_at IS NULL;

-- Capacity held never exceeds capacity offered. A node that shrinks below what it holds keeps it, so
-- this is checked when something is added and not as a plain CHECK of the row.
CREATE FUNCTION scheduling.guard_capacity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.vcpu_used > OLD.vcpu_used AND NEW.vcpu_used > NEW.vcpu)
     OR (NEW.memory_mib_used > OLD.memory_mib_used AND NEW.memory_mib_used > NEW.memory_mib) THEN
    RAISE EXCEPTION 'node % holds more than it has', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_capacity BEFORE UPDATE ON scheduling.node FOR EACH ROW EXECUTE FUNCTION scheduling.guard_capacity();

CREATE TABLE scheduling.vm (
  instance_id     text NOT NULL,
  epoch           bigint NOT NULL,
  node_id         text NOT NULL REFERENCES scheduling.node,
  state           text NOT NULL CHECK (state IN ('STARTING', 'RUNNING', 'MIGRATING', 'STOPPING', 'GONE', 'FAILED')),
  generation      bigint NOT NULL,
  reboots         bigint NOT NULL DEFAULT 0,
  cause           text,
  reason          text CHECK (length(reason) <= 500),
  running_since   timestamptz,
  ended_at        timestamptz,
  state_at        timestamptz NOT NULL DEFAULT now(),  -- when it reached this state: nothing later happened before
  observed_at     timestamptz NOT NULL,
  instructions    bigint NOT NULL DEFAULT 0,
  cpu_nanos       bigint NOT NULL DEFAULT 0,
  memory_touched  bigint NOT NULL DEFAULT 0,
  disk_read       bigint NOT NULL DEFAULT 0,
  disk_written    bigint NOT NULL DEFAULT 0,
  net_received    bigint NOT NULL DEFAULT 0,
  net_sent        bigint NOT NULL DEFAULT 0,
  console         bytea CHECK (length(console) <= 65536),  -- the last output, kept when the VM ended
  PRIMARY KEY (instance_id, epoch),
  FOREIGN KEY (instance_id, epoch) REFERENCES scheduling.allocation,
  CONSTRAINT an_end_has_a_cause CHECK ((state IN ('GONE', 'FAILED')) = (cause IS NOT NULL))
);

-- Why an instance waits. One row while it does; gone when it is placed.
CREATE TABLE scheduling.refusal (
  instance_id  text PRIMARY KEY,
  generation   bigint NOT NULL,
  reason       text NOT NULL CHECK (length(reason) <= 500),
  since        timestamptz NOT NULL,
  not_before   timestamptz  -- set when the platform failed it: the next try waits, a little longer each time
);

-- The append-only log that billing and every history is made from. `seq` is taken from one row that
-- stays locked until the commit, so that readers see it in commit order and no cursor can pass by a late
-- one; a bare identity column would not do.
CREATE TABLE scheduling.transition_head (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  seq bigint NOT NULL
);
INSERT INTO scheduling.transition_head VALUES (true, 0);

CREATE TABLE scheduling.transition (
  seq             bigint PRIMARY KEY,
  instance_id     text NOT NULL,
  epoch           bigint NOT NULL,
  generation      bigint NOT NULL,
  account_id      text NOT NULL,
  instance_type   text NOT NULL,
  node_id         text NOT NULL,
  state           text NOT NULL CHECK (state IN ('STARTING', 'RUNNING', 'MIGRATING', 'STOPPING', 'GONE', 'FAILED')),
  cause           text,
  reason          text,
  at              timestamptz NOT NULL,  -- when it counts: control-plane time, for a lost node its last heartbeat
  recorded_at     timestamptz NOT NULL,  -- when the control plane wrote it
  node_boot_id    text,                  -- evidence of the node: which boot, and how far into it
  node_monotonic  bigint,
  event_sequence  bigint,                -- null when the control plane itself declared it
  CONSTRAINT not_from_the_future CHECK (at <= recorded_at),
  UNIQUE (node_id, node_boot_id, event_sequence)
);
CREATE INDEX transition_by_instance ON scheduling.transition (instance_id, seq);
REVOKE UPDATE, DELETE ON scheduling.transition FROM brume_scheduling;
REVOKE INSERT, DELETE ON scheduling.transition_head FROM brume_scheduling;

-- Published for compute-api: the newest fact about each instance.
CREATE VIEW scheduling.instance_fact AS
  SELECT DISTINCT ON (a.instance_id)
         a.instance_id, a.epoch, a.generation AS allocation_generation, a.released_at IS NULL AS allocated,
         n.id AS node_id, n.name AS node_name, n.zone, n.address AS node_address,
         n.access_token AS node_access_token, n.ready AS node_ready, n.last_heartbeat_at,
         v.state AS vm_state, v.generation AS vm_generation, v.reboots AS vm_reboots, v.cause, v.reason,
         v.running_since, v.ended_at, v.observed_at,
         v.instructions, v.cpu_nanos, v.memory_touched, v.disk_read, v.disk_written, v.net_received, v.net_sent
  FROM scheduling.allocation a
  JOIN scheduling.node n ON n.id = a.node_id
  LEFT JOIN scheduling.vm v ON v.instance_id = a.instance_id AND v.epoch = a.epoch
  WHERE a.role = 'primary'
  ORDER BY a.instance_id, a.epoch DESC;
CREATE VIEW scheduling.instance_refusal AS SELECT instance_id, generation, reason, since FROM scheduling.refusal;
CREATE VIEW scheduling.instance_console AS
  SELECT DISTINCT ON (instance_id) instance_id, epoch, console, ended_at FROM scheduling.vm
  WHERE console IS NOT NULL ORDER BY instance_id, epoch DESC;
CREATE VIEW scheduling.node_summary AS
  SELECT n.id, n.name, n.zone, n.address, n.vcpu, n.memory_mib, n.vcpu_used, n.memory_mib_used, n.ready, n.draining,
         n.registered_at, n.last_heartbeat_at, n.lease_expires_at,
         (SELECT count(*) FROM scheduling.allocation a WHERE a.node_id = n.id AND a.released_at IS NULL) AS instances
  FROM scheduling.node n;
GRANT SELECT ON scheduling.instance_fact, scheduling.instance_refusal, scheduling.instance_console,
  scheduling.node_summary TO brume_compute;

-- Published for billing and for histories.
CREATE VIEW scheduling.instance_transition AS
  SELECT seq, instance_id, epoch, generation, account_id, instance_type, node_id, state, cause, reason, at,
         recorded_at, node_boot_id, node_monotonic, event_sequence
  FROM scheduling.transition;
GRANT SELECT ON scheduling.instance_transition TO brume_compute, brume_billing;
