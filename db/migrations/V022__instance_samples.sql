-- What VMs had used, time and again: taken from the reports of nodes in the same statement that writes their
-- counters, one in ten seconds kept for an hour and the first of each minute for a day. Counts of a VM only
-- grow, so what was used between any two samples is their difference, whatever was forgotten between them.
CREATE TABLE scheduling.vm_sample (
  instance_id    text NOT NULL,
  epoch          bigint NOT NULL,
  at             timestamptz NOT NULL,
  kept_until     timestamptz NOT NULL,
  instructions   bigint NOT NULL,
  cpu_nanos      bigint NOT NULL,
  memory_touched bigint NOT NULL,
  disk_read      bigint NOT NULL,
  disk_written   bigint NOT NULL,
  net_received   bigint NOT NULL,
  net_sent       bigint NOT NULL,
  guest_resets   bigint NOT NULL,
  PRIMARY KEY (instance_id, at, epoch)
);
CREATE INDEX vm_sample_by_end ON scheduling.vm_sample (kept_until);

-- Published for compute-api: the samples, and what a VM that ended had used in all.
CREATE VIEW scheduling.instance_sample AS
  SELECT s.instance_id, s.epoch, s.at, v.running_since, s.instructions, s.cpu_nanos, s.memory_touched,
         s.disk_read, s.disk_written, s.net_received, s.net_sent, s.guest_resets
  FROM scheduling.vm_sample s JOIN scheduling.vm v USING (instance_id, epoch)
  UNION ALL
  SELECT instance_id, epoch, ended_at, running_since, instructions, cpu_nanos, memory_touched,
         disk_read, disk_written, net_received, net_sent, guest_resets
  FROM scheduling.vm WHERE ended_at IS NOT NULL;
GRANT SELECT ON scheduling.instance_sample TO brume_compute;
