-- People of an account, what their credentials may do, and keys that sign requests.

ALTER TABLE compute.account ADD COLUMN suspended_at timestamptz;  -- since when it may only look

CREATE TABLE compute.account_user (
  id          text PRIMARY KEY CHECK (id ~ '^usr-[0-9a-f]{17}$'),
  account_id  text NOT NULL REFERENCES compute.account,
  name        text NOT NULL CHECK (name ~ '^[a-zA-Z0-9][a-zA-Z0-9@._+-]{0,63}$'),
  role        text NOT NULL CHECK (role IN ('owner', 'operator', 'reader', 'billing')),
  created_at  timestamptz NOT NULL,
  removed_at  timestamptz
);
-- A name finds one person; the name of one who left may be given again.
CREATE UNIQUE INDEX account_user_name ON compute.account_user (account_id, name) WHERE removed_at IS NULL;

ALTER TABLE compute.api_token
  ADD COLUMN user_id text REFERENCES compute.account_user,  -- null: the account's own
  ADD COLUMN scopes text NOT NULL DEFAULT '' CHECK (length(scopes) <= 4000),  -- patterns of actions, a blank between; none: all that the role may
  DROP CONSTRAINT api_token_role_check,
  ADD CONSTRAINT api_token_role_check CHECK (role IN ('owner', 'operator', 'reader', 'billing'));
CREATE INDEX api_token_by_account ON compute.api_token (account_id, id);

-- A signature can only be checked with the secret itself, so that is kept, sealed with a key that is not in
-- this database. It is gone once the access key is deleted.
CREATE TABLE compute.access_key (
  id            text PRIMARY KEY CHECK (id ~ '^AKIA[A-Z2-7]{16}$'),
  account_id    text NOT NULL REFERENCES compute.account,
  user_id       text REFERENCES compute.account_user,
  label         text NOT NULL CHECK (length(label) BETWEEN 1 AND 128),
  role          text NOT NULL CHECK (role IN ('owner', 'operator', 'reader', 'billing')),
  scopes        text NOT NULL DEFAULT '' CHECK (length(scopes) <= 4000),
  made_by       text NOT NULL,   -- the credential that asked for it, to which alone its secret is shown again
  sealing_key   text NOT NULL,   -- which of the operator's keys sealed the secret, so that those can be changed
  sealed_secret bytea CHECK (length(sealed_secret) BETWEEN 29 AND 300),
  created_at    timestamptz NOT NULL,
  expires_at    timestamptz,
  deleted_at    timestamptz,
  CONSTRAINT deleted_means_forgotten CHECK ((deleted_at IS NULL) = (sealed_secret IS NOT NULL))
);
CREATE INDEX access_key_by_account ON compute.access_key (account_id, id);
CREATE INDEX access_key_by_sealing_key ON compute.access_key (sealing_key) WHERE deleted_at IS NULL;

-- When a token or an access key was used last, to some seconds: written in batches and not by each request.
CREATE TABLE compute.credential_use (
  credential_id text PRIMARY KEY,
  last_used_at  timestamptz NOT NULL
);

-- A person who left takes their tokens along.
CREATE OR REPLACE VIEW compute.token_principal AS
  SELECT t.digest, t.id AS token_id, t.account_id, a.name AS account_name, t.role, t.cloud_operator, t.expires_at
  FROM compute.api_token t
  JOIN compute.account a ON a.id = t.account_id
  LEFT JOIN compute.account_user u ON u.id = t.user_id
  WHERE t.revoked_at IS NULL AND u.removed_at IS NULL;
