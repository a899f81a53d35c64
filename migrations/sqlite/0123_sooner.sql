-- An end that was recorded and had not come, brought forward. What holds stands in the row that ends; here is what stood there before, so that
-- nothing is lost of what was known.
CREATE TABLE brought_forward (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    -- What ends sooner: one of the two.
    stay_id BLOB REFERENCES stay (id),
    duty_id BLOB REFERENCES duty (id),
    -- From which day on it was no longer to hold, and when and by whom that had been recorded.
    was_to_end_before DATE NOT NULL,
    end_recorded_at DATETIME NOT NULL,
    end_recorded_by TEXT NOT NULL,
    -- The day in its place.
    ends_before DATE NOT NULL,
    recorded_at DATETIME NOT NULL,
    recorded_by TEXT NOT NULL,
    CHECK (ends_before < was_to_end_before),
    CHECK ((stay_id IS NULL) <> (duty_id IS NULL))
);
CREATE INDEX brought_forward_by_person ON brought_forward (person_id);
CREATE INDEX brought_forward_by_stay ON brought_forward (stay_id);
CREATE INDEX brought_forward_by_duty ON brought_forward (duty_id);

CREATE TRIGGER brought_forward_never_changes BEFORE UPDATE ON brought_forward
BEGIN SELECT RAISE(ABORT, 'an end that was brought forward never changes'); END;
CREATE TRIGGER brought_forward_never_deleted BEFORE DELETE ON brought_forward
WHEN NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'an end that was brought forward is never deleted'); END;
CREATE TRIGGER brought_forward_no_replace BEFORE INSERT ON brought_forward
WHEN EXISTS (SELECT 1 FROM brought_forward WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'an end that was brought forward never changes'); END;

-- What was ended ends sooner where what stood there before is kept, and is otherwise ended once.
DROP TRIGGER stay_ends_once;
CREATE TRIGGER stay_ends_once BEFORE UPDATE ON stay
WHEN OLD.ends_before IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM brought_forward b WHERE b.stay_id = OLD.id
    AND b.was_to_end_before = OLD.ends_before AND b.end_recorded_at = OLD.end_recorded_at AND b.end_recorded_by = OLD.end_recorded_by
    AND b.ends_before = NEW.ends_before AND b.recorded_at = NEW.end_recorded_at AND b.recorded_by = NEW.end_recorded_by
)
BEGIN SELECT RAISE(ABORT, 'a stay is ended once'); END;
DROP TRIGGER duty_ends_once;
CREATE TRIGGER duty_ends_once BEFORE UPDATE ON duty
WHEN OLD.ends_before IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM brought_forward b WHERE b.duty_id = OLD.id
    AND b.was_to_end_before = OLD.ends_before AND b.end_recorded_at = OLD.end_recorded_at AND b.end_recorded_by = OLD.end_recorded_by
    AND b.ends_before = NEW.ends_before AND b.recorded_at = NEW.end_recorded_at AND b.recorded_by = NEW.end_recorded_by
)
BEGIN SELECT RAISE(ABORT, 'a duty is ended once'); END;
