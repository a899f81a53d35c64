-- That a signed agreement came in for the named role to which it is submitted, in the transaction that signed it.
CREATE TABLE submission (
    signature_id UUID NOT NULL PRIMARY KEY REFERENCES signature (id),
    -- Who signed.
    person_id UUID NOT NULL REFERENCES person (id),
    -- The id of the role in organisation.toml, as the agreement named it then.
    role TEXT NOT NULL,
    submitted_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX submission_by_role ON submission (role, submitted_at, signature_id);
CREATE INDEX submission_by_person ON submission (person_id);

-- That somebody who holds the role has ticked it off. It decides nothing, and can be taken back.
CREATE TABLE submission_tick (
    id UUID NOT NULL PRIMARY KEY,
    signature_id UUID NOT NULL REFERENCES submission (signature_id),
    -- Who signed.
    person_id UUID NOT NULL REFERENCES person (id),
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL,
    ended_at TIMESTAMPTZ,
    ended_by TEXT,
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE UNIQUE INDEX submission_tick_open ON submission_tick (signature_id) WHERE ended_at IS NULL;
CREATE INDEX submission_tick_by_signature ON submission_tick (signature_id);
CREATE INDEX submission_tick_by_person ON submission_tick (person_id);

CREATE TRIGGER submission_never_changes BEFORE UPDATE ON submission
FOR EACH ROW EXECUTE FUNCTION refuse('a submission never changes');
CREATE TRIGGER submission_never_deleted BEFORE DELETE ON submission
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('a submission is never deleted');
CREATE TRIGGER submission_no_truncate BEFORE TRUNCATE ON submission
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a submission is never deleted');

CREATE TRIGGER submission_tick_never_changes BEFORE UPDATE OF id, signature_id, person_id, recorded_at, recorded_by ON submission_tick
FOR EACH ROW EXECUTE FUNCTION refuse('that something was ticked off never changes');
CREATE TRIGGER submission_tick_ends_once BEFORE UPDATE ON submission_tick
FOR EACH ROW
WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION refuse('that something was ticked off is ended once');
CREATE TRIGGER submission_tick_never_deleted BEFORE DELETE ON submission_tick
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('that something was ticked off is never deleted');
CREATE TRIGGER submission_tick_no_truncate BEFORE TRUNCATE ON submission_tick
FOR EACH STATEMENT EXECUTE FUNCTION refuse('that something was ticked off is never deleted');
