-- That somebody was signed out in every browser by another, alone or because a way in of theirs was taken away.
CREATE TABLE signed_out (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    -- What was taken away: factor, account or password; or sessions, where it was nothing else.
    what TEXT NOT NULL,
    recorded_at DATETIME NOT NULL,
    recorded_by TEXT NOT NULL
);
CREATE INDEX signed_out_by_person ON signed_out (person_id);

CREATE TRIGGER signed_out_never_changes BEFORE UPDATE ON signed_out
BEGIN SELECT RAISE(ABORT, 'that somebody was signed out never changes'); END;
CREATE TRIGGER signed_out_never_deleted BEFORE DELETE ON signed_out
WHEN NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'that somebody was signed out is never deleted'); END;
CREATE TRIGGER signed_out_no_replace BEFORE INSERT ON signed_out
WHEN EXISTS (SELECT 1 FROM signed_out WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'that somebody was signed out never changes'); END;
