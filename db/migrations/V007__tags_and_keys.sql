-- What only EC2's clients ask for so far. Everything belongs to an account and a region, and no row of
-- another account is ever asked for: each condition names the account.

-- Tags of everything but instances, which keep theirs beside them.
CREATE TABLE compute.resource_tag (
  resource_id text NOT NULL CHECK (resource_id ~ '^[a-z]+-[0-9a-f]{17}$'),
  account_id  text NOT NULL REFERENCES compute.account,  -- whose tag it is: a shared image has each account's own
  region      text NOT NULL,
  key         text NOT NULL CHECK (length(key) BETWEEN 1 AND 127),
  value       text NOT NULL CHECK (length(value) <= 255),
  PRIMARY KEY (resource_id, account_id, key)
);
CREATE INDEX resource_tag_by_account ON compute.resource_tag (account_id, region, resource_id);

CREATE TABLE compute.key_pair (
  id          text PRIMARY KEY CHECK (id ~ '^key-[0-9a-f]{17}$'),
  account_id  text NOT NULL REFERENCES compute.account,
  region      text NOT NULL,
  name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
  type        text NOT NULL CHECK (type IN ('rsa', 'ed25519')),
  fingerprint text NOT NULL,
  public_key  text NOT NULL,   -- the private half is shown once and kept nowhere
  created_at  timestamptz NOT NULL,
  UNIQUE (account_id, region, name)
);
