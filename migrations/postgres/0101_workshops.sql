-- A workshop in which a module is worked through together. It decides nothing until whoever leads it says who was there.
CREATE TABLE workshop (
    id UUID NOT NULL PRIMARY KEY,
    module TEXT NOT NULL,
    -- For whom: this group and those below it. Null: everybody.
    group_id UUID REFERENCES people_group (id),
    starts_at TIMESTAMPTZ NOT NULL,
    place TEXT NOT NULL,
    -- What is typed on the day by those who are there.
    code TEXT NOT NULL UNIQUE,
    recorded_at TIMESTAMPTZ NOT NULL,
    -- Who planned it leads it.
    recorded_by TEXT NOT NULL,
    -- When it was called off.
    ended_at TIMESTAMPTZ,
    ended_by TEXT,
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE INDEX workshop_by_start ON workshop (starts_at, id);
CREATE INDEX workshop_by_group ON workshop (group_id);
CREATE INDEX workshop_by_leader ON workshop (recorded_by, starts_at);

-- Who typed its code.
CREATE TABLE workshop_sign_in (
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    person_id UUID NOT NULL REFERENCES person (id),
    signed_in_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workshop_id, person_id)
);
CREATE INDEX workshop_sign_in_by_person ON workshop_sign_in (person_id);

-- A pass is earned by an attempt, or by having been there.
ALTER TABLE completion ADD COLUMN workshop_id UUID REFERENCES workshop (id);
CREATE UNIQUE INDEX completion_by_workshop ON completion (workshop_id, person_id);
CREATE TRIGGER completion_is_earned_once BEFORE INSERT ON completion
FOR EACH ROW
WHEN ((NEW.attempt_id IS NULL) = (NEW.workshop_id IS NULL)) EXECUTE FUNCTION refuse('a pass is earned by an attempt or in a workshop, and never by both');

CREATE TRIGGER workshop_never_changes BEFORE UPDATE OF id, module, group_id, starts_at, place, code, recorded_at, recorded_by ON workshop
FOR EACH ROW EXECUTE FUNCTION refuse('a workshop never changes');
CREATE TRIGGER workshop_ends_once BEFORE UPDATE ON workshop
FOR EACH ROW
WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION refuse('a workshop is ended once');
CREATE TRIGGER workshop_never_deleted BEFORE DELETE ON workshop
FOR EACH ROW EXECUTE FUNCTION refuse('a workshop is never deleted');
CREATE TRIGGER workshop_no_truncate BEFORE TRUNCATE ON workshop
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a workshop is never deleted');

CREATE TRIGGER workshop_sign_in_never_changes BEFORE UPDATE ON workshop_sign_in
FOR EACH ROW EXECUTE FUNCTION refuse('that somebody was at a workshop never changes');
CREATE TRIGGER workshop_sign_in_never_deleted BEFORE DELETE ON workshop_sign_in
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('that somebody was at a workshop is never deleted');
CREATE TRIGGER workshop_sign_in_no_truncate BEFORE TRUNCATE ON workshop_sign_in
FOR EACH STATEMENT EXECUTE FUNCTION refuse('that somebody was at a workshop is never deleted');
