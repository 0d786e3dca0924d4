-- A VM that has ended never runs again: its instance starts as a new epoch. The scheduler holds to that;
-- as money is made from this log, the log does not take anything else either. Whoever writes here has
-- locked transition_head before, so that the end that is looked for can't be under way.
CREATE FUNCTION scheduling.guard_ended_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state NOT IN ('GONE', 'FAILED') AND EXISTS (
      SELECT 1 FROM scheduling.transition
      WHERE instance_id = NEW.instance_id AND epoch = NEW.epoch AND state IN ('GONE', 'FAILED')) THEN
    RAISE EXCEPTION 'epoch % of % has ended: it can''t be % again', NEW.epoch, NEW.instance_id, NEW.state
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_ended_epoch BEFORE INSERT ON scheduling.transition
  FOR EACH ROW EXECUTE FUNCTION scheduling.guard_ended_epoch();
