-- That a pass was recorded wrongly. What was recorded stays; from then on it counts for nothing.
CREATE TABLE correction (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL,
    -- A pass is withdrawn once.
    completion_id UUID NOT NULL UNIQUE,
    -- wrong-person, wrong-date, never-happened, not-their-own or other.
    code TEXT NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL,
    FOREIGN KEY (completion_id, person_id) REFERENCES completion (id, person_id)
);
CREATE INDEX correction_by_person ON correction (person_id);

-- What was wrong, in words. It decides nothing: it may be erased, and is never changed.
CREATE TABLE correction_reason (
    correction_id UUID NOT NULL PRIMARY KEY REFERENCES correction (id),
    reason TEXT NOT NULL
);

CREATE TRIGGER correction_never_changes BEFORE UPDATE ON correction
FOR EACH ROW EXECUTE FUNCTION refuse('a correction never changes');
CREATE TRIGGER correction_never_deleted BEFORE DELETE ON correction
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('a correction is never deleted');
CREATE TRIGGER correction_no_truncate BEFORE TRUNCATE ON correction
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a correction is never deleted');

CREATE TRIGGER correction_reason_never_changes BEFORE UPDATE ON correction_reason
FOR EACH ROW EXECUTE FUNCTION refuse('the reason of a correction never changes');

CREATE TRIGGER correction_revises_person AFTER INSERT ON correction
FOR EACH ROW EXECUTE FUNCTION revise_person();
