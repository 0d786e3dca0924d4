-- An end of what held nothing is final for its user at once. A scheduler may have decided on a placement before it
-- heard of that: what it then places is taken back, and does not bring a state back that was left.
ALTER TABLE compute.instance ADD COLUMN unplaced boolean NOT NULL DEFAULT false;  -- held nothing when its intent became this end

CREATE OR REPLACE VIEW compute.ended_instance AS
  SELECT i.id, i.account_id, i.region
  FROM compute.instance i
  LEFT JOIN LATERAL (
    SELECT * FROM scheduling.instance_fact WHERE instance_id = i.id LIMIT 1) f ON true
  WHERE i.intent = 'TERMINATE'
    AND (i.terminated_at IS NOT NULL OR i.unplaced
      OR NOT coalesce(f.vm_state NOT IN ('GONE', 'FAILED'), f.allocated, false));
