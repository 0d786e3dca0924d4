-- Written by billing alone: prices, usage, and invoices.

-- Prices, versioned. Validity is half-open and two books of one currency never overlap.
CREATE TABLE billing.price_book (
  id         text PRIMARY KEY CHECK (id ~ '^[a-z0-9][a-z0-9.-]{0,63}$'),
  currency   text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  valid      tstzrange NOT NULL CHECK (NOT isempty(valid) AND lower_inc(valid) AND NOT upper_inc(valid)),
  created_at timestamptz NOT NULL,
  sealed_at  timestamptz,             -- from then on nothing is rated with other prices; null while it is being put in
  EXCLUDE USING gist (currency WITH =, valid WITH &&)
);

CREATE TABLE billing.price (
  price_book_id   text NOT NULL REFERENCES billing.price_book,
  meter           text NOT NULL CHECK (meter IN ('instance-seconds')),
  sku             text NOT NULL CHECK (length(sku) BETWEEN 1 AND 64),   -- the instance type
  micros_per_hour bigint NOT NULL CHECK (micros_per_hour BETWEEN 0 AND 1000000000000),  -- millionths of the currency's unit
  minimum_seconds integer NOT NULL DEFAULT 1 CHECK (minimum_seconds BETWEEN 1 AND 86400),  -- charged for each start
  PRIMARY KEY (price_book_id, meter, sku)
);

-- A sealed book is what invoices were made from: it never changes. Only an end may be given to one that
-- has none, and not one in the past.
CREATE FUNCTION billing.guard_price_book() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.sealed_at IS NULL AND TG_OP = 'UPDATE' THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND (NEW.id, NEW.currency, NEW.created_at, NEW.sealed_at, lower(NEW.valid))
                          = (OLD.id, OLD.currency, OLD.created_at, OLD.sealed_at, lower(OLD.valid))
     AND (NEW.valid = OLD.valid OR (upper_inf(OLD.valid) AND upper(NEW.valid) >= now())) THEN
    RETURN NEW;
  END IF;
  IF OLD.sealed_at IS NULL THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'price book % is sealed: publish a new one', OLD.id USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER guard_price_book BEFORE UPDATE OR DELETE ON billing.price_book
  FOR EACH ROW EXECUTE FUNCTION billing.guard_price_book();

CREATE FUNCTION billing.guard_price() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  book text := CASE TG_OP WHEN 'INSERT' THEN NEW.price_book_id ELSE OLD.price_book_id END;
  sealed timestamptz;
BEGIN
  SELECT sealed_at INTO sealed FROM billing.price_book WHERE id = book FOR SHARE;  -- waits for one who seals it now
  IF sealed IS NOT NULL
     OR (TG_OP = 'UPDATE' AND NEW.price_book_id <> OLD.price_book_id) THEN
    RAISE EXCEPTION 'price book % is sealed: publish a new one', book USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_price BEFORE INSERT OR UPDATE OR DELETE ON billing.price
  FOR EACH ROW EXECUTE FUNCTION billing.guard_price();

-- How far into the transition log the meter has read: usage and cursor move in one transaction.
CREATE TABLE billing.meter_cursor (
  one        boolean PRIMARY KEY DEFAULT true CHECK (one),
  seq        bigint NOT NULL CHECK (seq >= 0),
  updated_at timestamptz
);
INSERT INTO billing.meter_cursor VALUES (true, 0, NULL);
REVOKE INSERT, DELETE ON billing.meter_cursor FROM brume_billing;

-- Usage that has begun and not ended. A run is what one start began: it may go on over several epochs
-- when the instance moves between nodes, and the price book's minimum is charged once for it.
CREATE TABLE billing.open_usage (
  resource_id    text NOT NULL,
  meter          text NOT NULL CHECK (meter IN ('instance-seconds')),
  account_id     text NOT NULL,
  sku            text NOT NULL,
  epoch          bigint NOT NULL,
  run_started_at timestamptz NOT NULL CHECK (run_started_at = date_trunc('second', run_started_at, 'UTC')),
  started_at     timestamptz NOT NULL CHECK (started_at = date_trunc('second', started_at, 'UTC')),
  opened_seq     bigint NOT NULL,
  migrating      boolean NOT NULL,     -- its next epoch goes on with this run instead of starting one
  PRIMARY KEY (resource_id, meter),
  CONSTRAINT a_run_starts_first CHECK (run_started_at <= started_at)
);
CREATE INDEX open_usage_by_account ON billing.open_usage (account_id);

-- Usage that has ended: whole seconds, half-open, UTC. A start that ended within its second has an
-- empty span and is kept: the minimum is charged for it. (WITHOUT OVERLAPS refuses empty ranges, so the
-- same constraint is written as an exclusion.)
CREATE TABLE billing.usage (
  resource_id    text NOT NULL,
  meter          text NOT NULL CHECK (meter IN ('instance-seconds')),
  account_id     text NOT NULL,
  sku            text NOT NULL,
  epoch          bigint NOT NULL,
  run_started_at timestamptz NOT NULL,
  started_at     timestamptz NOT NULL,
  ended_at       timestamptz NOT NULL,
  span           tstzrange GENERATED ALWAYS AS (tstzrange(started_at, ended_at)) STORED,
  seconds        bigint GENERATED ALWAYS AS (extract(epoch FROM ended_at - started_at)::bigint) STORED,
  ends_run       boolean NOT NULL,     -- false where the run goes on in the next record
  closed_by      text NOT NULL CHECK (closed_by IN ('STARTING', 'RUNNING', 'MIGRATING', 'STOPPING', 'GONE', 'FAILED')),
  opened_seq     bigint NOT NULL,
  closed_seq     bigint NOT NULL,
  -- A transition opens at most one record, however often it is read; also finds a resource's last one.
  PRIMARY KEY (resource_id, meter, opened_seq),
  CONSTRAINT no_second_twice EXCLUDE USING gist (resource_id WITH =, meter WITH =, span WITH &&),
  CONSTRAINT in_the_order_of_the_log CHECK (closed_seq > opened_seq),
  CONSTRAINT ends_after_its_start CHECK (run_started_at <= started_at AND started_at <= ended_at),
  CONSTRAINT whole_seconds CHECK (
    run_started_at = date_trunc('second', run_started_at, 'UTC')
    AND started_at = date_trunc('second', started_at, 'UTC')
    AND ended_at = date_trunc('second', ended_at, 'UTC'))
);
-- An account's month to date.
CREATE INDEX usage_by_account ON billing.usage (account_id, ended_at);
REVOKE UPDATE, DELETE ON billing.usage FROM brume_billing;

REVOKE UPDATE, DELETE ON billing.price FROM brume_billing;
REVOKE UPDATE, DELETE ON billing.price_book FROM brume_billing;
GRANT UPDATE (valid, sealed_at) ON billing.price_book TO brume_billing;
