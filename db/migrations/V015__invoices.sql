-- Issued invoices. They are written whole in one transaction and never change but for their payment;
-- what is found out later stands on a later invoice.

-- What is agreed with an account. Used as it stands when an invoice is issued, and kept with it.
CREATE TABLE billing.account_terms (
  account_id            text PRIMARY KEY CHECK (length(account_id) BETWEEN 1 AND 64),
  country               text NOT NULL DEFAULT '' CHECK (country ~ '^([A-Z]{2})?$'),  -- ISO 3166; empty: not known
  customer_kind         text NOT NULL DEFAULT 'consumer' CHECK (customer_kind IN ('consumer', 'business')),
  tax_id                text CHECK (length(tax_id) BETWEEN 1 AND 40),
  zone                  text NOT NULL DEFAULT 'UTC' CHECK (length(zone) BETWEEN 1 AND 64),   -- for display only
  payment_days          integer NOT NULL DEFAULT 30 CHECK (payment_days BETWEEN 0 AND 365),
  discount_basis_points integer NOT NULL DEFAULT 0 CHECK (discount_basis_points BETWEEN 0 AND 10000),
  commitment_micros     bigint NOT NULL DEFAULT 0 CHECK (commitment_micros BETWEEN 0 AND 1000000000000000),
  updated_at            timestamptz NOT NULL
);

-- The last number of each account's invoices: locked while one is issued, so that none is left out.
CREATE TABLE billing.invoice_number (
  account_id text PRIMARY KEY,
  last       integer NOT NULL CHECK (last >= 1)
);

CREATE TABLE billing.invoice (
  id                text PRIMARY KEY CHECK (id ~ '^inv-[0-9a-f]{17}$'),
  account_id        text NOT NULL,
  account_name      text NOT NULL,
  number            integer NOT NULL CHECK (number >= 1),
  kind              text NOT NULL CHECK (kind IN ('month')),
  period_start      timestamptz NOT NULL,
  period_end        timestamptz NOT NULL,
  state             text NOT NULL CHECK (state IN ('draft', 'issued', 'paid', 'voided')),  -- draft: being written
  currency          text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  through_seq       bigint NOT NULL,     -- the transition log up to here is in it
  terms             jsonb NOT NULL,      -- as they were
  exact_total       numeric NOT NULL,
  rounding          numeric NOT NULL,
  net               numeric NOT NULL,
  tax_name          text NOT NULL,
  tax_basis_points  integer NOT NULL CHECK (tax_basis_points BETWEEN 0 AND 10000),
  tax               numeric NOT NULL,
  total             numeric NOT NULL,
  credit            numeric NOT NULL CHECK (credit >= 0),  -- paid from what was paid ahead
  due               numeric NOT NULL,
  subtotals         jsonb NOT NULL,
  lines             integer NOT NULL CHECK (lines >= 0),
  inputs_digest     bytea NOT NULL CHECK (length(inputs_digest) = 32),
  issued_at         timestamptz NOT NULL,
  due_at            timestamptz NOT NULL,
  settled_at        timestamptz,         -- when it was paid or voided
  settled_note      text CHECK (length(settled_note) <= 200),
  UNIQUE (account_id, number),
  CONSTRAINT one_invoice_for_a_period UNIQUE (account_id, period_start, kind),  -- closing again is a no-op
  CONSTRAINT period_has_an_end CHECK (period_start < period_end),
  CONSTRAINT it_adds_up CHECK (exact_total + rounding = net AND net + tax = total AND total - credit = due),
  CONSTRAINT settled_says_when CHECK ((state IN ('paid', 'voided')) = (settled_at IS NOT NULL))
);

CREATE TABLE billing.invoice_line (
  invoice_id      text NOT NULL REFERENCES billing.invoice,
  ordinal         integer NOT NULL CHECK (ordinal >= 1),
  line_id         text NOT NULL CHECK (line_id ~ '^line-[0-9a-f]{17}$'),
  kind            text NOT NULL CHECK (kind IN ('usage', 'discount', 'commitment', 'correction')),
  title           text NOT NULL CHECK (length(title) <= 200),
  service         text,                -- null for what is not one service's
  resource_id     text,
  resource_name   text,
  tags            jsonb,
  meter           text,
  sku             text,
  price_book_id   text,
  start_at        timestamptz NOT NULL,
  end_at          timestamptz NOT NULL,
  seconds         bigint NOT NULL,
  minimum_seconds bigint NOT NULL,
  micros          bigint,              -- the price that is shown
  portions        bigint[] NOT NULL,   -- units and micros, by turns
  intervals       bigint NOT NULL,
  corrects        text,                -- a line of an earlier invoice
  parts           numeric NOT NULL,    -- unrounded
  exact           numeric NOT NULL,
  amount          numeric NOT NULL,
  PRIMARY KEY (invoice_id, ordinal),
  CONSTRAINT usage_says_of_what CHECK (kind <> 'usage' OR num_nulls(service, resource_id, meter, sku, price_book_id, micros) = 0),
  CONSTRAINT a_correction_says_of_what CHECK ((kind = 'correction') = (corrects IS NOT NULL))
);

-- Money that was paid ahead, and which invoices it paid.
CREATE TABLE billing.credit (
  id         text PRIMARY KEY CHECK (id ~ '^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$'),
  account_id text NOT NULL,
  amount     numeric NOT NULL CHECK (amount > 0),
  currency   text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  expires_at timestamptz,
  note       text NOT NULL DEFAULT '' CHECK (length(note) <= 200),
  granted_at timestamptz NOT NULL
);
CREATE INDEX credit_by_account ON billing.credit (account_id);
CREATE TABLE billing.credit_use (
  credit_id  text NOT NULL REFERENCES billing.credit,
  invoice_id text NOT NULL REFERENCES billing.invoice,
  amount     numeric NOT NULL CHECK (amount > 0),
  PRIMARY KEY (credit_id, invoice_id)
);
REVOKE UPDATE, DELETE ON billing.credit, billing.credit_use FROM brume_billing;

-- Numbers follow each other, and nothing of an issued invoice changes but how it was settled.
CREATE FUNCTION billing.guard_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'invoice % can not be deleted: void it', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.number <> 1 + coalesce((SELECT max(number) FROM billing.invoice WHERE account_id = NEW.account_id), 0) THEN
      RAISE EXCEPTION 'number % of account % leaves a gap', NEW.number, NEW.account_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (to_jsonb(NEW) - '{state,settled_at,settled_note}'::text[]) <> (to_jsonb(OLD) - '{state,settled_at,settled_note}'::text[])
     OR (OLD.state, NEW.state) NOT IN (('draft', 'issued'), ('issued', 'paid'), ('issued', 'voided'), ('paid', 'voided')) THEN
    RAISE EXCEPTION 'invoice % is %: it can not change', OLD.id, OLD.state USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_invoice BEFORE INSERT OR UPDATE OR DELETE ON billing.invoice
  FOR EACH ROW EXECUTE FUNCTION billing.guard_invoice();

-- For a statement and not for a row: an invoice may have 100,000 lines.
CREATE FUNCTION billing.guard_invoice_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT invoice_id FROM fresh) f
             JOIN billing.invoice i ON i.id = f.invoice_id WHERE i.state <> 'draft') THEN
    RAISE EXCEPTION 'an issued invoice takes no more lines' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER guard_invoice_line AFTER INSERT ON billing.invoice_line REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION billing.guard_invoice_line();
CREATE FUNCTION billing.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a line of an issued invoice can not change' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER lines_stay BEFORE UPDATE OR DELETE ON billing.invoice_line
  FOR EACH ROW EXECUTE FUNCTION billing.refuse_change();

REVOKE UPDATE, DELETE ON billing.invoice, billing.invoice_line FROM brume_billing;
GRANT UPDATE (state, settled_at, settled_note) ON billing.invoice TO brume_billing;
REVOKE DELETE ON billing.invoice_number FROM brume_billing;

-- Published for billing: what stands at the head of an invoice.
CREATE VIEW compute.billable_account AS SELECT id AS account_id, name FROM compute.account;
GRANT SELECT ON compute.billable_account TO brume_billing;
