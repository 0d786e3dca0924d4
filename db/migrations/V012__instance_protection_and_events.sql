-- What an owner sets against accidents: a protected instance is not terminated by request.
ALTER TABLE compute.instance ADD COLUMN termination_protected boolean NOT NULL DEFAULT false;

-- An account's events are its transitions, read behind the last one that a client has seen.
CREATE INDEX transition_by_account ON scheduling.transition (account_id, seq);
