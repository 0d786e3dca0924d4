-- What an account watches its spending with: budgets, a limit, money paid ahead, and where alerts go.

-- Of a month of UTC: usage less the account's discount, before tax, of all its resources or of those with a tag.
CREATE TABLE billing.budget (
  account_id text NOT NULL CHECK (length(account_id) BETWEEN 1 AND 64),
  id         text NOT NULL CHECK (id ~ '^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$'),
  amount     numeric NOT NULL CHECK (amount > 0),
  tag_key    text CHECK (length(tag_key) BETWEEN 1 AND 127),
  tag_value  text CHECK (length(tag_value) <= 255),
  actual     integer[] NOT NULL CHECK (1 <= ALL (actual) AND 1000 >= ALL (actual)),      -- percents of the amount
  forecast   integer[] NOT NULL CHECK (1 <= ALL (forecast) AND 1000 >= ALL (forecast)),
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (account_id, id),
  CONSTRAINT a_tag_has_key_and_value CHECK ((tag_key IS NULL) = (tag_value IS NULL))
);

-- One row for each account that watches anything: what it chose, and what was found at the last look.
-- The row is locked while a look is written, so that alerts are numbered in the order of their commits.
CREATE TABLE billing.spending (
  account_id      text PRIMARY KEY CHECK (length(account_id) BETWEEN 1 AND 64),
  limit_amount    numeric CHECK (limit_amount > 0),
  stops_instances boolean NOT NULL DEFAULT false,   -- at the limit, or at an empty wallet
  prepaid         boolean NOT NULL DEFAULT false,   -- it pays from credits, and from nothing else
  webhook_url     text CHECK (length(webhook_url) BETWEEN 1 AND 500),
  webhook_secret  text CHECK (length(webhook_secret) BETWEEN 20 AND 100),
  looked_at       timestamptz,
  spent           numeric,
  balance         numeric,                          -- of a wallet
  refusal         text CHECK (refusal IN ('spending_limit_reached', 'wallet_empty')),
  refusal_detail  text CHECK (length(refusal_detail) <= 500),
  CONSTRAINT a_webhook_is_signed CHECK ((webhook_url IS NULL) = (webhook_secret IS NULL)),
  CONSTRAINT a_refusal_says_why CHECK ((refusal IS NULL) = (refusal_detail IS NULL))
);

-- What was told. `occasion` is told once: a threshold of a budget in a month, or a limit that was reached.
CREATE TABLE billing.budget_alert (
  account_id text NOT NULL,
  number     bigint NOT NULL CHECK (number >= 1),
  id         text NOT NULL UNIQUE CHECK (id ~ '^alr-[0-9a-f]{17}$'),
  occasion   text NOT NULL CHECK (length(occasion) <= 200),
  kind       text NOT NULL CHECK (kind IN ('actual', 'forecast', 'limit', 'wallet')),
  budget_id  text,
  percent    integer,
  amount     numeric NOT NULL,     -- the budget's, the limit, or the wallet's balance
  reached    numeric NOT NULL,     -- what was spent or is forecast
  currency   text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  message    text NOT NULL CHECK (length(message) <= 500),
  at         timestamptz NOT NULL,
  PRIMARY KEY (account_id, number),
  CONSTRAINT once_for_an_occasion UNIQUE (account_id, occasion),
  CONSTRAINT a_threshold_is_a_budgets CHECK ((kind IN ('actual', 'forecast')) = (num_nulls(budget_id, percent) = 0))
);
REVOKE UPDATE, DELETE ON billing.budget_alert FROM brume_billing;

-- Alerts on their way, and each try.
CREATE TABLE billing.webhook_delivery (
  alert_id   text PRIMARY KEY REFERENCES billing.budget_alert (id),
  account_id text NOT NULL,
  state      text NOT NULL CHECK (state IN ('pending', 'delivered', 'given-up')),
  tries      integer NOT NULL DEFAULT 0 CHECK (tries >= 0),
  next_at    timestamptz NOT NULL
);
CREATE INDEX webhook_delivery_pending ON billing.webhook_delivery (next_at) WHERE state = 'pending';
CREATE TABLE billing.webhook_try (
  alert_id text NOT NULL REFERENCES billing.webhook_delivery,
  number   integer NOT NULL CHECK (number >= 1),
  at       timestamptz NOT NULL,
  outcome  text NOT NULL CHECK (length(outcome) <= 200),
  PRIMARY KEY (alert_id, number)
);

-- Published by billing: who may launch and start nothing, and why; looked up by account at each launch.
CREATE VIEW billing.spending_stop AS
  SELECT account_id, refusal AS code, refusal_detail AS detail, stops_instances FROM billing.spending
  WHERE refusal IS NOT NULL;
-- Published by billing: alerts for the account's stream of events.
CREATE VIEW billing.alert_event AS
  SELECT account_id, number, id, kind, budget_id, percent, amount, reached, currency, message, at
  FROM billing.budget_alert;
GRANT SELECT ON billing.spending_stop, billing.alert_event TO brume_compute;

-- An instance may be stopped because the account said so of its limit.
ALTER TABLE compute.instance DROP CONSTRAINT instance_intent_cause_check;
ALTER TABLE compute.instance ADD CONSTRAINT instance_intent_cause_check
  CHECK (intent_cause IN ('USER', 'GUEST_POWEROFF', 'GUEST_FAILURE', 'SPENDING'));
