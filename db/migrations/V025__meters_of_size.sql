-- What is metered beside instances: storage by its size, addresses by time, traffic by the byte. Such resources
-- have a log of their own, written by compute-api in the transaction that changes them. As in the scheduler's
-- log, `seq` is taken under a lock until the commit, so that readers see it in the order of commits.

CREATE TABLE compute.resource_transition_head (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  seq bigint NOT NULL
);
INSERT INTO compute.resource_transition_head VALUES (true, 0);
REVOKE INSERT, DELETE ON compute.resource_transition_head FROM brume_compute;

CREATE TABLE compute.resource_transition (
  seq         bigint PRIMARY KEY,
  resource_id text NOT NULL CHECK (length(resource_id) BETWEEN 1 AND 64),
  kind        text NOT NULL CHECK (kind IN ('volume', 'snapshot', 'image', 'address', 'traffic')),
  epoch       bigint NOT NULL CHECK (epoch >= 0),  -- of traffic: a counter starts again at 0 in each
  account_id  text NOT NULL,
  sku         text NOT NULL CHECK (length(sku) BETWEEN 1 AND 64),
  size        bigint NOT NULL CHECK (size >= 0),   -- MiB of storage, 1 of an address, bytes so far of traffic
  present     boolean NOT NULL,                    -- false: it is gone
  at          timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  request_id  text,                                -- what asked for it, where something did
  principal   text,
  CONSTRAINT not_from_the_future CHECK (at <= recorded_at)
);
CREATE INDEX resource_transition_by_resource ON compute.resource_transition (resource_id, seq);
REVOKE UPDATE, DELETE ON compute.resource_transition FROM brume_compute;

CREATE FUNCTION compute.log_resource(
    resource_id text, kind text, account_id text, sku text, size bigint, present boolean) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  next bigint;
BEGIN
  UPDATE compute.resource_transition_head SET seq = seq + 1 RETURNING seq INTO next;
  -- After the lock: the log's times then run with its order.
  INSERT INTO compute.resource_transition (seq, resource_id, kind, epoch, account_id, sku, size, present, at, recorded_at)
    VALUES (next, resource_id, kind, 0, account_id, sku, size, present, clock_timestamp(), clock_timestamp());
  PERFORM pg_notify('brume_facts', '');
END $$;

-- An image is metered by what it stores of its own. The cloud's own images and those that only name another's
-- content store nothing.
ALTER TABLE compute.image ADD stored_mib bigint NOT NULL DEFAULT 0 CHECK (stored_mib >= 0);
CREATE FUNCTION compute.log_image() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  was boolean := TG_OP <> 'INSERT' AND OLD.account_id IS NOT NULL AND OLD.deregistered_at IS NULL AND OLD.stored_mib > 0;
  is_there boolean := TG_OP <> 'DELETE' AND NEW.account_id IS NOT NULL AND NEW.deregistered_at IS NULL AND NEW.stored_mib > 0;
BEGIN
  IF is_there AND NOT (was AND NEW.stored_mib = OLD.stored_mib) THEN
    PERFORM compute.log_resource(NEW.id, 'image', NEW.account_id, 'standard', NEW.stored_mib, true);
  ELSIF was AND NOT is_there THEN
    PERFORM compute.log_resource(OLD.id, 'image', OLD.account_id, 'standard', OLD.stored_mib, false);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER log_image AFTER INSERT OR UPDATE OR DELETE ON compute.image
  FOR EACH ROW EXECUTE FUNCTION compute.log_image();

-- Published for billing.
CREATE VIEW compute.resource_fact AS
  SELECT seq, resource_id, kind, epoch, account_id, sku, size, present, at, recorded_at, request_id, principal
  FROM compute.resource_transition;
GRANT SELECT ON compute.resource_fact TO brume_billing;
-- Names for invoice lines, also of what is gone; and tags, a row for each, so that those of many resources are
-- read at once: a subquery for each resource took two thirds of the database's time to issue invoices.
CREATE VIEW compute.billable_resource AS
  SELECT id AS resource_id, account_id, name FROM compute.instance
  UNION ALL SELECT id, account_id, name FROM compute.image WHERE account_id IS NOT NULL;
CREATE VIEW compute.billable_tag AS
  SELECT t.instance_id AS resource_id, i.account_id, t.key, t.value
  FROM compute.instance_tag t JOIN compute.instance i ON i.id = t.instance_id
  UNION ALL SELECT resource_id, account_id, key, value FROM compute.resource_tag;
GRANT SELECT ON compute.billable_resource, compute.billable_tag TO brume_billing;

-- A cursor and a chain of digests for each log.
ALTER TABLE billing.meter_cursor ADD log text NOT NULL DEFAULT 'instances' CHECK (log IN ('instances', 'resources'));
ALTER TABLE billing.meter_cursor DROP CONSTRAINT meter_cursor_pkey, DROP COLUMN one, ADD PRIMARY KEY (log);
INSERT INTO billing.meter_cursor (log, seq) VALUES ('resources', 0);

-- Units are seconds × size, or what was counted.
ALTER TABLE billing.open_usage
  ADD size bigint NOT NULL DEFAULT 1 CHECK (size >= 0);
ALTER TABLE billing.usage
  ADD size    bigint NOT NULL DEFAULT 1 CHECK (size >= 0),
  ADD counted bigint CHECK (counted >= 0);   -- null: its units are its seconds × size

DO $$
DECLARE
  each text;
BEGIN
  FOREACH each IN ARRAY ARRAY['price', 'open_usage', 'usage'] LOOP
    EXECUTE format(
      'ALTER TABLE billing.%1$I DROP CONSTRAINT %1$s_meter_check, ADD CONSTRAINT %1$s_meter_check CHECK (meter IN ('
        '''instance-seconds'', ''volume-mib-seconds'', ''snapshot-mib-seconds'', ''image-mib-seconds'', '
        '''address-seconds'', ''egress-bytes''))', each);
  END LOOP;
END $$;

-- What the first price book has for them, where it is published already: none of it could be used before, so no
-- second that was used gets another price.
ALTER TABLE billing.price DISABLE TRIGGER guard_price;
INSERT INTO billing.price (price_book_id, meter, sku, micros, minimum_seconds, tier_from, tier_micros)
  SELECT b.id, p.meter, p.sku, p.micros, 1, '{0}', ARRAY[p.micros]
  FROM billing.price_book b CROSS JOIN (VALUES
    ('volume-mib-seconds', 'standard', 70::bigint), ('volume-mib-seconds', 'gp2', 140), ('volume-mib-seconds', 'gp3', 110),
    ('volume-mib-seconds', 'io1', 170), ('volume-mib-seconds', 'io2', 170), ('volume-mib-seconds', 'st1', 62),
    ('volume-mib-seconds', 'sc1', 21), ('snapshot-mib-seconds', 'standard', 68), ('image-mib-seconds', 'standard', 68),
    ('address-seconds', 'ipv4', 5000), ('egress-bytes', 'internet', 90000)) AS p (meter, sku, micros)
  WHERE b.id = '2026-01' AND b.sealed_at IS NOT NULL;
ALTER TABLE billing.price ENABLE TRIGGER guard_price;

-- Invoices say how far they know both logs, and lines what was charged.
ALTER TABLE billing.invoice
  ADD resources_seq  bigint NOT NULL DEFAULT 0,
  ADD resources_head bytea CHECK (length(resources_head) = 32);  -- null where that log was empty
ALTER TABLE billing.invoice_line ADD units bigint;               -- null: seconds and minimum, as all once were

-- The secret of a webhook is kept sealed, with a key that is not in the database.
ALTER TABLE billing.spending DROP CONSTRAINT spending_webhook_secret_check,
  ADD CONSTRAINT spending_webhook_secret_check CHECK (length(webhook_secret) BETWEEN 20 AND 300);

-- Published for billing: what a VM has used, shown beside its usage and not billed.
CREATE VIEW scheduling.vm_consumption AS
  SELECT instance_id, epoch, cpu_nanos, memory_touched FROM scheduling.vm;
GRANT SELECT ON scheduling.vm_consumption TO brume_billing;
