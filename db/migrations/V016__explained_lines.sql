-- Published for billing: which request wanted what of an instance, so that a line can be walked back to it.
CREATE VIEW compute.instance_request AS
  SELECT instance_id, generation, intent, principal, request_id, at FROM compute.intent_change;
GRANT SELECT ON compute.instance_request TO brume_billing;
