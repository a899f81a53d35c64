-- That somebody did the same for several people at once, so that it can be shown to them as one and undone as one. What was done is
-- in rows of its own, each with its entry in the log.
CREATE TABLE done_together (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('assignment', 'exemption', 'attempts_given', 'reminder')),
    recorded_at DATETIME NOT NULL,
    -- Who did it.
    person_id BLOB NOT NULL REFERENCES person (id)
);
CREATE INDEX done_together_by_person ON done_together (person_id, recorded_at);

-- The rows that were written with it, of the table that it names.
CREATE TABLE done_together_row (
    done_id BLOB NOT NULL REFERENCES done_together (id),
    row_id BLOB NOT NULL,
    PRIMARY KEY (done_id, row_id)
) WITHOUT ROWID;

CREATE TRIGGER done_together_never_changes BEFORE UPDATE ON done_together
BEGIN SELECT RAISE(ABORT, 'what was done together never changes'); END;
CREATE TRIGGER done_together_never_deleted BEFORE DELETE ON done_together
WHEN NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'what was done together is never deleted'); END;
CREATE TRIGGER done_together_no_replace BEFORE INSERT ON done_together
WHEN EXISTS (SELECT 1 FROM done_together WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'what was done together never changes'); END;

CREATE TRIGGER done_together_row_never_changes BEFORE UPDATE ON done_together_row
BEGIN SELECT RAISE(ABORT, 'what was done together never changes'); END;
CREATE TRIGGER done_together_row_never_deleted BEFORE DELETE ON done_together_row
WHEN NOT EXISTS (SELECT 1 FROM done_together d JOIN erased_person e ON e.person_id = d.person_id WHERE d.id = OLD.done_id)
BEGIN SELECT RAISE(ABORT, 'what was done together is never deleted'); END;
CREATE TRIGGER done_together_row_no_replace BEFORE INSERT ON done_together_row
WHEN EXISTS (SELECT 1 FROM done_together_row WHERE done_id = NEW.done_id AND row_id = NEW.row_id)
BEGIN SELECT RAISE(ABORT, 'what was done together never changes'); END;

-- First tries of a month are looked up by when they were handed in.
CREATE INDEX attempt_by_time ON attempt (submitted_at);
