-- Published for compute-api: what each node holds capacity for, as its operators see it.
CREATE VIEW scheduling.node_vm AS
  SELECT a.node_id, a.instance_id, a.account_id, a.instance_type, a.vcpu, a.memory_mib,
         coalesce(v.state, 'STARTING') AS state, a.allocated_at
  FROM scheduling.allocation a LEFT JOIN scheduling.vm v USING (instance_id, epoch)
  WHERE a.released_at IS NULL;
GRANT SELECT ON scheduling.node_vm TO brume_compute;
