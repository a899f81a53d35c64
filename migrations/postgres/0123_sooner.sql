-- An end that was recorded and had not come, brought forward. What holds stands in the row that ends; here is what stood there before, so that
-- nothing is lost of what was known.
CREATE TABLE brought_forward (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    -- What ends sooner: one of the two.
    stay_id UUID REFERENCES stay (id),
    duty_id UUID REFERENCES duty (id),
    -- From which day on it was no longer to hold, and when and by whom that had been recorded.
    was_to_end_before DATE NOT NULL,
    end_recorded_at TIMESTAMPTZ NOT NULL,
    end_recorded_by TEXT NOT NULL,
    -- The day in its place.
    ends_before DATE NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL,
    CHECK (ends_before < was_to_end_before),
    CHECK ((stay_id IS NULL) <> (duty_id IS NULL))
);
CREATE INDEX brought_forward_by_person ON brought_forward (person_id);
CREATE INDEX brought_forward_by_stay ON brought_forward (stay_id);
CREATE INDEX brought_forward_by_duty ON brought_forward (duty_id);

CREATE TRIGGER brought_forward_never_changes BEFORE UPDATE ON brought_forward
FOR EACH ROW EXECUTE FUNCTION refuse('an end that was brought forward never changes');
CREATE TRIGGER brought_forward_never_deleted BEFORE DELETE ON brought_forward
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('an end that was brought forward is never deleted');
CREATE TRIGGER brought_forward_no_truncate BEFORE TRUNCATE ON brought_forward
FOR EACH STATEMENT EXECUTE FUNCTION refuse('an end that was brought forward is never deleted');

-- What was ended ends sooner where what stood there before is kept, and is otherwise ended once.
CREATE FUNCTION refuse_unless_brought_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM brought_forward b WHERE (b.stay_id = OLD.id OR b.duty_id = OLD.id)
        AND b.was_to_end_before = OLD.ends_before AND b.end_recorded_at = OLD.end_recorded_at AND b.end_recorded_by = OLD.end_recorded_by
        AND b.ends_before = NEW.ends_before AND b.recorded_at = NEW.end_recorded_at AND b.recorded_by = NEW.end_recorded_by
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '%', TG_ARGV[0];
END $$;
DROP TRIGGER stay_ends_once ON stay;
CREATE TRIGGER stay_ends_once BEFORE UPDATE ON stay
FOR EACH ROW
WHEN (OLD.ends_before IS NOT NULL) EXECUTE FUNCTION refuse_unless_brought_forward('a stay is ended once');
DROP TRIGGER duty_ends_once ON duty;
CREATE TRIGGER duty_ends_once BEFORE UPDATE ON duty
FOR EACH ROW
WHEN (OLD.ends_before IS NOT NULL) EXECUTE FUNCTION refuse_unless_brought_forward('a duty is ended once');
