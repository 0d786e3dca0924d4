-- What operators of the cloud want of a node: the intent, beside which the scheduler keeps the facts. A node
-- without a row is active.
CREATE TABLE compute.node_intent (
  node_id      text PRIMARY KEY CHECK (node_id ~ '^node-[0-9a-f]{17}$'),
  availability text NOT NULL CHECK (availability IN ('active', 'cordoned', 'draining')),
  changed_at   timestamptz NOT NULL
);
-- Published for the scheduler.
CREATE VIEW compute.node_availability AS SELECT node_id, availability FROM compute.node_intent;
GRANT SELECT ON compute.node_availability TO brume_scheduling;

-- `draining` goes on meaning that a node takes no new work; one that is also emptied says since when, how much it
-- held then, and why the next one can't leave yet. All three are gone when it is active again.
ALTER TABLE scheduling.node
  ADD COLUMN drain_began_at   timestamptz,
  ADD COLUMN drain_began_with integer CHECK (drain_began_with >= 0),
  ADD COLUMN drain_waits_for  text CHECK (length(drain_waits_for) <= 500),
  ADD CONSTRAINT a_drain_has_a_beginning CHECK ((drain_began_at IS NULL) = (drain_began_with IS NULL)),
  ADD CONSTRAINT only_a_drain_waits CHECK (drain_waits_for IS NULL OR drain_began_at IS NOT NULL);

-- Set when its VM is asked to end here, so that the instance starts again elsewhere.
ALTER TABLE scheduling.allocation ADD COLUMN leaving_since timestamptz;

CREATE OR REPLACE VIEW scheduling.node_summary AS
  SELECT n.id, n.name, n.zone, n.address, n.vcpu, n.memory_mib, n.vcpu_used, n.memory_mib_used, n.ready, n.draining,
         n.registered_at, n.last_heartbeat_at, n.lease_expires_at,
         (SELECT count(*) FROM scheduling.allocation a WHERE a.node_id = n.id AND a.released_at IS NULL) AS instances,
         n.drain_began_at, n.drain_began_with, n.drain_waits_for
  FROM scheduling.node n;
