-- A page of what has a tag: the index gives the ids in order, so that nothing but the page is read.
CREATE INDEX instance_tag_in_order ON compute.instance_tag (key, value, instance_id);
DROP INDEX compute.instance_tag_by_key;

-- Published for compute-api: VMs whose guest ended its run. With an index of its own, as it is looked at several
-- times a second, and most VMs run.
CREATE VIEW scheduling.guest_end AS
  SELECT instance_id, epoch, generation FROM scheduling.vm
  WHERE state IN ('GONE', 'FAILED') AND cause IN ('GUEST_POWEROFF', 'GUEST_FAILURE');
CREATE INDEX vm_ended_by_guest ON scheduling.vm (instance_id, generation, epoch)
  WHERE state IN ('GONE', 'FAILED') AND cause IN ('GUEST_POWEROFF', 'GUEST_FAILURE');
GRANT SELECT ON scheduling.guest_end TO brume_compute;
