-- That a pass was recorded wrongly. What was recorded stays; from then on it counts for nothing.
CREATE TABLE correction (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL,
    -- A pass is withdrawn once.
    completion_id BLOB NOT NULL UNIQUE,
    -- wrong-person, wrong-date, never-happened, not-their-own or other.
    code TEXT NOT NULL,
    recorded_at DATETIME NOT NULL,
    recorded_by TEXT NOT NULL,
    FOREIGN KEY (completion_id, person_id) REFERENCES completion (id, person_id)
);
CREATE INDEX correction_by_person ON correction (person_id);

-- What was wrong, in words. It decides nothing: it may be erased, and is never changed.
CREATE TABLE correction_reason (
    correction_id BLOB NOT NULL PRIMARY KEY REFERENCES correction (id),
    reason TEXT NOT NULL
);

CREATE TRIGGER correction_never_changes BEFORE UPDATE ON correction
BEGIN SELECT RAISE(ABORT, 'a correction never changes'); END;
CREATE TRIGGER correction_never_deleted BEFORE DELETE ON correction
WHEN NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'a correction is never deleted'); END;
CREATE TRIGGER correction_no_replace BEFORE INSERT ON correction
WHEN EXISTS (SELECT 1 FROM correction WHERE id = NEW.id OR completion_id = NEW.completion_id)
BEGIN SELECT RAISE(ABORT, 'a correction never changes'); END;

CREATE TRIGGER correction_reason_never_changes BEFORE UPDATE ON correction_reason
BEGIN SELECT RAISE(ABORT, 'the reason of a correction never changes'); END;
CREATE TRIGGER correction_reason_no_replace BEFORE INSERT ON correction_reason
WHEN EXISTS (SELECT 1 FROM correction_reason WHERE correction_id = NEW.correction_id)
BEGIN SELECT RAISE(ABORT, 'the reason of a correction never changes'); END;

CREATE TRIGGER correction_revises_person_on_insert AFTER INSERT ON correction
BEGIN UPDATE person SET revision = revision + 1 WHERE id = NEW.person_id; END;
