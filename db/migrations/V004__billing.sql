-- Written by billing alone: prices, usage, and invoices.

-- Prices, versioned. Validity is half-open and two books of one currency never overlap.
CREATE TABLE billing.price_book (
  id         text PRIMARY KEY,
  currency   text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  valid      tstzrange NOT NULL CHECK (NOT isempty(valid) AND lower_inc(valid) AND NOT upper_inc(valid)),
  created_at timestamptz NOT NULL,
  EXCLUDE USING gist (currency WITH =, valid WITH &&)
);

CREATE TABLE billing.price (
  price_book_id   text NOT NULL REFERENCES billing.price_book,
  meter           text NOT NULL CHECK (meter IN ('instance-seconds')),
  sku             text NOT NULL,                                     -- the instance type
  micros_per_hour bigint NOT NULL CHECK (micros_per_hour >= 0),      -- millionths of the currency's unit
  minimum_seconds integer NOT NULL DEFAULT 1 CHECK (minimum_seconds >= 1),
  PRIMARY KEY (price_book_id, meter, sku)
);

-- How far into the transition log the meter has read: usage and cursor move in one transaction.
CREATE TABLE billing.meter_cursor (
  one        boolean PRIMARY KEY DEFAULT true CHECK (one),
  seq        bigint NOT NULL,
  updated_at timestamptz
);
INSERT INTO billing.meter_cursor VALUES (true, 0, NULL);

-- Usage that has begun and not ended.
CREATE TABLE billing.open_usage (
  resource_id   text PRIMARY KEY,
  account_id    text NOT NULL,
  sku           text NOT NULL,
  epoch         bigint NOT NULL,
  started_at    timestamptz NOT NULL CHECK (started_at = date_trunc('second', started_at)),
  opened_seq    bigint NOT NULL UNIQUE
);

-- Usage that has ended: whole seconds, half-open, UTC.
CREATE TABLE billing.usage (
  resource_id   text NOT NULL,
  span          tstzrange NOT NULL,
  account_id    text NOT NULL,
  meter         text NOT NULL CHECK (meter IN ('instance-seconds')),
  sku           text NOT NULL,
  epoch         bigint NOT NULL,
  opened_seq    bigint NOT NULL,
  closed_seq    bigint NOT NULL CHECK (closed_seq > opened_seq),
  raw_seconds   bigint NOT NULL CHECK (raw_seconds >= 0),    -- before the minimum
  PRIMARY KEY (resource_id, span WITHOUT OVERLAPS),          -- billing one second twice is a constraint violation
  UNIQUE (opened_seq),
  CONSTRAINT whole_half_open_seconds CHECK (
    NOT isempty(span) AND lower_inc(span) AND NOT upper_inc(span)
    AND lower(span) = date_trunc('second', lower(span)) AND upper(span) = date_trunc('second', upper(span)))
);
CREATE INDEX usage_by_account ON billing.usage USING gist (account_id, span);
REVOKE UPDATE, DELETE ON billing.usage FROM brume_billing;
