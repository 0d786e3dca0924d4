-- How often a guest began anew by itself, beside what else it used. A guest that resets in a circle shows
-- here and nowhere else: its VM runs on.
ALTER TABLE scheduling.vm ADD COLUMN guest_resets bigint NOT NULL DEFAULT 0;

CREATE OR REPLACE VIEW scheduling.instance_fact AS
  SELECT DISTINCT ON (a.instance_id)
         a.instance_id, a.epoch, a.generation AS allocation_generation, a.released_at IS NULL AS allocated,
         n.id AS node_id, n.name AS node_name, n.zone, n.address AS node_address,
         n.access_token AS node_access_token, n.ready AS node_ready, n.last_heartbeat_at,
         v.state AS vm_state, v.generation AS vm_generation, v.reboots AS vm_reboots, v.cause, v.reason,
         v.running_since, v.ended_at, v.observed_at,
         v.instructions, v.cpu_nanos, v.memory_touched, v.disk_read, v.disk_written, v.net_received, v.net_sent,
         v.guest_resets
  FROM scheduling.allocation a
  JOIN scheduling.node n ON n.id = a.node_id
  LEFT JOIN scheduling.vm v ON v.instance_id = a.instance_id AND v.epoch = a.epoch
  WHERE a.role = 'primary'
  ORDER BY a.instance_id, a.epoch DESC;
