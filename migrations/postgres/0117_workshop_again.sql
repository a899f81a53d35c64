-- Of whom a pass was withdrawn it may be said again that they were there. So there may be several by one workshop, of which one counts.
DROP INDEX completion_by_workshop;
CREATE INDEX completion_by_workshop ON completion (workshop_id, person_id, completed_at, id);
CREATE FUNCTION refuse_second_pass() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM completion c WHERE c.workshop_id = NEW.workshop_id AND c.person_id = NEW.person_id
          AND NOT EXISTS (SELECT 1 FROM correction w WHERE w.completion_id = c.id))
    THEN RAISE EXCEPTION 'of the passes by a workshop one counts'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER completion_by_workshop_once BEFORE INSERT ON completion
FOR EACH ROW
WHEN (NEW.workshop_id IS NOT NULL) EXECUTE FUNCTION refuse_second_pass();
