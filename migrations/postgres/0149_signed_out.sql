-- That somebody was signed out in every browser by another, alone or because a way in of theirs was taken away.
CREATE TABLE signed_out (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    -- What was taken away: factor, account or password; or sessions, where it was nothing else.
    what TEXT NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL
);
CREATE INDEX signed_out_by_person ON signed_out (person_id);

CREATE TRIGGER signed_out_never_changes BEFORE UPDATE ON signed_out
FOR EACH ROW EXECUTE FUNCTION refuse('that somebody was signed out never changes');
CREATE TRIGGER signed_out_never_deleted BEFORE DELETE ON signed_out
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('that somebody was signed out is never deleted');
CREATE TRIGGER signed_out_no_truncate BEFORE TRUNCATE ON signed_out
FOR EACH STATEMENT EXECUTE FUNCTION refuse('that somebody was signed out is never deleted');
