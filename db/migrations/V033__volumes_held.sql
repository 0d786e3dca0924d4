-- How many volumes an account holds, kept like what its instances take: counting them anew read every volume of the
-- account at each launch, under the lock that all of its launches wait for.
ALTER TABLE compute.account_use ADD COLUMN volumes bigint NOT NULL DEFAULT 0 CHECK (volumes >= 0);
INSERT INTO compute.account_use AS u (account_id, instances, vcpu, memory_mib, volumes)
  SELECT account_id, 0, 0, 0, count(*) FROM compute.volume GROUP BY account_id
ON CONFLICT (account_id) DO UPDATE SET volumes = excluded.volumes;

-- One for a statement. Who deletes volumes holds the account's lock, as who makes them does, so that none has the sums
-- and waits for volumes of one that has these and waits for the sums.
CREATE FUNCTION compute.count_volumes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO compute.account_use AS u (account_id, instances, vcpu, memory_mib, volumes)
      SELECT account_id, 0, 0, 0, count(*) FROM changed GROUP BY account_id ORDER BY account_id
    ON CONFLICT (account_id) DO UPDATE SET volumes = u.volumes + excluded.volumes;
  ELSE
    UPDATE compute.account_use u SET volumes = u.volumes - gone.volumes
    FROM (SELECT account_id, count(*) AS volumes FROM changed GROUP BY account_id) gone
    WHERE u.account_id = gone.account_id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER count_volumes_made AFTER INSERT ON compute.volume REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION compute.count_volumes();
CREATE TRIGGER count_volumes_gone AFTER DELETE ON compute.volume REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION compute.count_volumes();
