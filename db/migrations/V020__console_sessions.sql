-- A browser that signed in with a token. Its cookie is a random secret, of which only the digest is here. The
-- token is sealed with a key that is made of that secret, so neither this table nor the cookie alone gives it
-- away; each request opens it and is judged by the token as if it had been sent, so a session ends with its token.
CREATE TABLE compute.console_session (
  id           text PRIMARY KEY CHECK (id ~ '^ses-[0-9a-f]{17}$'),
  digest       bytea NOT NULL UNIQUE CHECK (length(digest) = 32),
  token_id     text NOT NULL REFERENCES compute.api_token,
  account_id   text NOT NULL REFERENCES compute.account,
  sealed_token bytea NOT NULL CHECK (length(sealed_token) BETWEEN 29 AND 1000),
  created_at   timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL CHECK (expires_at > created_at)  -- moves on with use
);
CREATE INDEX console_session_by_token ON compute.console_session (token_id, id);
CREATE INDEX console_session_by_account ON compute.console_session (account_id);
CREATE INDEX console_session_by_end ON compute.console_session (expires_at);
