-- Usage is kept by the month, so that a month that is long over can leave the database as one file and what is
-- looked at every day stays small. A record lies within one month of UTC: one that goes over a month's end is cut
-- there into pieces of one run, which changes no second and no price. So the constraint against overlaps, which
-- PostgreSQL keeps within a partition, holds for all.
ALTER TABLE billing.usage RENAME TO usage_whole;
ALTER TABLE billing.usage_whole DROP CONSTRAINT usage_pkey, DROP CONSTRAINT no_second_twice;
DROP INDEX billing.usage_by_account;

CREATE TABLE billing.usage (
  resource_id    text NOT NULL,
  meter          text NOT NULL CHECK (meter IN ('instance-seconds', 'volume-mib-seconds', 'snapshot-mib-seconds',
                                                'image-mib-seconds', 'address-seconds', 'egress-bytes')),
  account_id     text NOT NULL,
  sku            text NOT NULL,
  month          date NOT NULL,        -- the first day of the month of UTC that it lies in
  epoch          bigint NOT NULL,
  run_started_at timestamptz NOT NULL,
  started_at     timestamptz NOT NULL,
  ended_at       timestamptz NOT NULL,
  span           tstzrange GENERATED ALWAYS AS (tstzrange(started_at, ended_at)) STORED,
  seconds        integer GENERATED ALWAYS AS (extract(epoch FROM ended_at - started_at)::integer) STORED,
  ends_run       boolean NOT NULL,     -- false where the run goes on in the next record
  closed_by      text NOT NULL CHECK (closed_by IN ('STARTING', 'RUNNING', 'MIGRATING', 'STOPPING', 'GONE', 'FAILED')),
  opened_seq     bigint NOT NULL,
  closed_seq     bigint NOT NULL,
  size           bigint NOT NULL DEFAULT 1 CHECK (size >= 0),
  counted        bigint CHECK (counted >= 0),  -- null: its units are its seconds × size
  -- A transition opens at most one record, and at most one piece of it in a month, however often it is read; also
  -- finds a resource's last one.
  PRIMARY KEY (resource_id, meter, opened_seq, month),
  CONSTRAINT no_second_twice EXCLUDE USING gist (resource_id WITH =, meter WITH =, month WITH =, span WITH &&),
  CONSTRAINT in_the_order_of_the_log CHECK (closed_seq > opened_seq),
  CONSTRAINT ends_after_its_start CHECK (run_started_at <= started_at AND started_at <= ended_at),
  CONSTRAINT within_its_month CHECK (
    month = date_trunc('month', started_at AT TIME ZONE 'UTC')
    AND ended_at AT TIME ZONE 'UTC' <= month + interval '1 month'),
  CONSTRAINT whole_seconds CHECK (
    run_started_at = date_trunc('second', run_started_at, 'UTC')
    AND started_at = date_trunc('second', started_at, 'UTC')
    AND ended_at = date_trunc('second', ended_at, 'UTC'))
) PARTITION BY RANGE (month);
-- An account's month, and all that its price is made from: read in order from the index alone, as its records lie
-- all over the table.
CREATE INDEX usage_by_account ON billing.usage (account_id, opened_seq)
  INCLUDE (resource_id, meter, sku, month, run_started_at, started_at, ended_at, seconds, ends_run, size, counted,
           closed_seq);
REVOKE UPDATE, DELETE ON billing.usage FROM brume_billing;

-- What left the database, a file for each part: a month has more than one where something of it was known later.
CREATE TABLE billing.usage_archive (
  month       date NOT NULL CHECK (month = date_trunc('month', month::timestamp)),
  part        integer NOT NULL CHECK (part >= 1),
  file        text NOT NULL UNIQUE CHECK (length(file) BETWEEN 1 AND 500),
  records     bigint NOT NULL CHECK (records >= 0),
  sha256      bytea NOT NULL CHECK (length(sha256) = 32),  -- of the file
  archived_at timestamptz NOT NULL,
  PRIMARY KEY (month, part)
);
-- How far a resource's log is used up whose last usage is in an archive.
CREATE TABLE billing.archived_position (
  resource_id text NOT NULL,
  meter       text NOT NULL,
  epoch       bigint NOT NULL,
  closed_by   text NOT NULL,
  ended_at    timestamptz NOT NULL,
  closed_seq  bigint NOT NULL,
  PRIMARY KEY (resource_id, meter)
);
REVOKE INSERT, UPDATE, DELETE ON billing.usage_archive, billing.archived_position FROM brume_billing;

-- A month's table, made ahead by the service. Its rights are those of the whole: nobody has any on the part.
CREATE FUNCTION billing.make_usage_month(any_day date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  first date := date_trunc('month', any_day::timestamp)::date;
  part text := 'usage_' || to_char(first, 'YYYY_MM');
BEGIN
  IF to_regclass('billing.' || part) IS NOT NULL THEN
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('billing.make_usage_month'));
  IF to_regclass('billing.' || part) IS NOT NULL THEN
    RETURN;
  END IF;
  -- Made by itself and attached, which waits for nobody who reads or writes.
  EXECUTE format('CREATE TABLE billing.%I (LIKE billing.usage INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS)', part);
  EXECUTE format('REVOKE ALL ON billing.%I FROM brume_billing', part);
  EXECUTE format('ALTER TABLE billing.usage ATTACH PARTITION billing.%I FOR VALUES FROM (%L) TO (%L)',
                 part, first, (first + interval '1 month')::date);
  -- Who breaks it shall read what it is called.
  EXECUTE format('ALTER TABLE billing.%I RENAME CONSTRAINT %I TO %I', part,
                 (SELECT conname FROM pg_constraint WHERE conrelid = to_regclass('billing.' || part) AND contype = 'x'),
                 part || '_no_second_twice');
END $$;

-- Keeps a month from changing until the transaction ends, while it is copied.
CREATE FUNCTION billing.hold_usage_month(first date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  EXECUTE format('LOCK TABLE billing.%I IN SHARE ROW EXCLUSIVE MODE', 'usage_' || to_char(first, 'YYYY_MM'));
END $$;

-- Drops a month that is in a file, by a caller who holds it. What must hold for that is checked here again: it is
-- over and issued, nothing of it is to be corrected, and the file has as many records.
CREATE FUNCTION billing.drop_usage_month(first date, into_file text, has_records bigint, has_sha256 bytea)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  name text := 'usage_' || to_char(first, 'YYYY_MM');
  begins timestamptz := first::timestamp AT TIME ZONE 'UTC';
  next_part integer;
  there bigint;
BEGIN
  PERFORM billing.hold_usage_month(first);
  IF first + interval '1 month' > now() AT TIME ZONE 'UTC' THEN
    RAISE EXCEPTION 'the month % is not over', first USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM billing.usage u WHERE u.month = first AND NOT EXISTS (
               SELECT 1 FROM billing.invoice i
               WHERE i.account_id = u.account_id AND i.period_start = begins AND i.state IN ('issued', 'paid'))) THEN
    RAISE EXCEPTION 'the month % is not issued to all accounts', first USING ERRCODE = 'check_violation';
  END IF;
  SELECT count(*) INTO there FROM billing.usage WHERE month = first;
  IF there <> has_records THEN
    RAISE EXCEPTION 'the month % has % records and its file %', first, there, has_records USING ERRCODE = 'check_violation';
  END IF;
  INSERT INTO billing.archived_position AS p (resource_id, meter, epoch, closed_by, ended_at, closed_seq)
    SELECT DISTINCT ON (resource_id, meter) resource_id, meter, epoch, closed_by, ended_at, closed_seq
    FROM billing.usage WHERE month = first ORDER BY resource_id, meter, opened_seq DESC
    ON CONFLICT (resource_id, meter) DO UPDATE SET epoch = excluded.epoch, closed_by = excluded.closed_by,
      ended_at = excluded.ended_at, closed_seq = excluded.closed_seq
      WHERE p.closed_seq < excluded.closed_seq OR (p.closed_seq = excluded.closed_seq AND p.ended_at < excluded.ended_at);
  SELECT 1 + count(*) INTO next_part FROM billing.usage_archive WHERE month = first;
  INSERT INTO billing.usage_archive (month, part, file, records, sha256, archived_at)
    VALUES (first, next_part, into_file, has_records, has_sha256, now());
  EXECUTE format('ALTER TABLE billing.usage DETACH PARTITION billing.%I', name);
  EXECUTE format('DROP TABLE billing.%I', name);
  RETURN next_part;
END $$;
REVOKE ALL ON FUNCTION billing.make_usage_month(date), billing.hold_usage_month(date),
  billing.drop_usage_month(date, text, bigint, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION billing.make_usage_month(date), billing.hold_usage_month(date),
  billing.drop_usage_month(date, text, bigint, bytea) TO brume_billing;

DO $$
DECLARE
  each date;
BEGIN
  FOR each IN
    SELECT DISTINCT m FROM billing.usage_whole CROSS JOIN LATERAL generate_series(
      date_trunc('month', started_at AT TIME ZONE 'UTC'), ended_at AT TIME ZONE 'UTC', interval '1 month') m
  LOOP
    PERFORM billing.make_usage_month(each);
  END LOOP;
END $$;
INSERT INTO billing.usage (resource_id, meter, account_id, sku, month, epoch, run_started_at, started_at, ended_at,
    ends_run, closed_by, opened_seq, closed_seq, size, counted)
  SELECT resource_id, meter, account_id, sku, m::date, epoch, run_started_at,
         greatest(started_at, m AT TIME ZONE 'UTC'), least(ended_at, (m + interval '1 month') AT TIME ZONE 'UTC'),
         ends_run AND last, closed_by, opened_seq, closed_seq, size,
         CASE WHEN last OR counted IS NULL THEN counted ELSE 0 END
  FROM billing.usage_whole CROSS JOIN LATERAL generate_series(
      date_trunc('month', started_at AT TIME ZONE 'UTC'), ended_at AT TIME ZONE 'UTC', interval '1 month') m
    CROSS JOIN LATERAL (SELECT ended_at AT TIME ZONE 'UTC' <= m + interval '1 month' AS last) piece
  -- What ends with a month has nothing in the next one.
  WHERE m < ended_at AT TIME ZONE 'UTC' OR m = date_trunc('month', started_at AT TIME ZONE 'UTC');
DROP TABLE billing.usage_whole;
ANALYZE billing.usage;

-- Names of an account's instances are read from the index alone when its invoice is issued.
DROP INDEX compute.instance_by_account;
CREATE INDEX instance_by_account ON compute.instance (account_id, id) INCLUDE (name);

-- What an invoice's lines come to by what was used, so that a year's report reads some rows for a month.
CREATE TABLE billing.invoice_sum (
  invoice_id text NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('usage', 'discount', 'commitment', 'correction')),
  meter      text NOT NULL,            -- empty where it is of no meter
  sku        text NOT NULL,
  lines      integer NOT NULL CHECK (lines >= 1),
  units      numeric NOT NULL,
  exact      numeric NOT NULL,
  amount     numeric NOT NULL,
  PRIMARY KEY (invoice_id, kind, meter, sku)
);
REVOKE UPDATE, DELETE ON billing.invoice_sum FROM brume_billing;
INSERT INTO billing.invoice_sum (invoice_id, kind, meter, sku, lines, units, exact, amount)
  SELECT invoice_id, kind, coalesce(meter, ''), coalesce(sku, ''), count(*),
         sum(CASE WHEN kind = 'usage' THEN coalesce(units, seconds + minimum_seconds) ELSE 0 END), sum(exact), sum(amount)
  FROM billing.invoice_line GROUP BY invoice_id, kind, coalesce(meter, ''), coalesce(sku, '');
CREATE TRIGGER guard_invoice_sum AFTER INSERT ON billing.invoice_sum REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION billing.guard_invoice_line();
CREATE TRIGGER sums_stay BEFORE UPDATE OR DELETE ON billing.invoice_sum
  FOR EACH ROW EXECUTE FUNCTION billing.refuse_change();
