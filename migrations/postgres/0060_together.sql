-- That somebody did the same for several people at once, so that it can be shown to them as one and undone as one. What was done is
-- in rows of its own, each with its entry in the log.
CREATE TABLE done_together (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('assignment', 'exemption', 'attempts_given', 'reminder')),
    recorded_at TIMESTAMPTZ NOT NULL,
    -- Who did it.
    person_id UUID NOT NULL REFERENCES person (id)
);
CREATE INDEX done_together_by_person ON done_together (person_id, recorded_at);

-- The rows that were written with it, of the table that it names.
CREATE TABLE done_together_row (
    done_id UUID NOT NULL REFERENCES done_together (id),
    row_id UUID NOT NULL,
    PRIMARY KEY (done_id, row_id)
);

CREATE TRIGGER done_together_never_changes BEFORE UPDATE ON done_together
FOR EACH ROW EXECUTE FUNCTION refuse('what was done together never changes');
CREATE TRIGGER done_together_never_deleted BEFORE DELETE ON done_together
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('what was done together is never deleted');
CREATE TRIGGER done_together_no_truncate BEFORE TRUNCATE ON done_together
FOR EACH STATEMENT EXECUTE FUNCTION refuse('what was done together is never deleted');

CREATE TRIGGER done_together_row_never_changes BEFORE UPDATE ON done_together_row
FOR EACH ROW EXECUTE FUNCTION refuse('what was done together never changes');
CREATE FUNCTION refuse_unless_by_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM done_together d JOIN erased_person e ON e.person_id = d.person_id WHERE d.id = OLD.done_id) THEN
        RAISE EXCEPTION '%', TG_ARGV[0];
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER done_together_row_never_deleted BEFORE DELETE ON done_together_row
FOR EACH ROW EXECUTE FUNCTION refuse_unless_by_erased('what was done together is never deleted');
CREATE TRIGGER done_together_row_no_truncate BEFORE TRUNCATE ON done_together_row
FOR EACH STATEMENT EXECUTE FUNCTION refuse('what was done together is never deleted');

-- First tries of a month are looked up by when they were handed in.
CREATE INDEX attempt_by_time ON attempt (submitted_at);
