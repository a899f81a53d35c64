-- A workshop in which a module is worked through together. It decides nothing until whoever leads it says who was there.
CREATE TABLE workshop (
    id BLOB NOT NULL PRIMARY KEY,
    module TEXT NOT NULL,
    -- For whom: this group and those below it. Null: everybody.
    group_id BLOB REFERENCES people_group (id),
    starts_at DATETIME NOT NULL,
    place TEXT NOT NULL,
    -- What is typed on the day by those who are there.
    code TEXT NOT NULL UNIQUE,
    recorded_at DATETIME NOT NULL,
    -- Who planned it leads it.
    recorded_by TEXT NOT NULL,
    -- When it was called off.
    ended_at DATETIME,
    ended_by TEXT,
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE INDEX workshop_by_start ON workshop (starts_at, id);
CREATE INDEX workshop_by_group ON workshop (group_id);
CREATE INDEX workshop_by_leader ON workshop (recorded_by, starts_at);

-- Who typed its code.
CREATE TABLE workshop_sign_in (
    workshop_id BLOB NOT NULL REFERENCES workshop (id),
    person_id BLOB NOT NULL REFERENCES person (id),
    signed_in_at DATETIME NOT NULL,
    PRIMARY KEY (workshop_id, person_id)
);
CREATE INDEX workshop_sign_in_by_person ON workshop_sign_in (person_id);

-- A pass is earned by an attempt, or by having been there.
ALTER TABLE completion ADD COLUMN workshop_id BLOB REFERENCES workshop (id);
CREATE UNIQUE INDEX completion_by_workshop ON completion (workshop_id, person_id);
CREATE TRIGGER completion_is_earned_once BEFORE INSERT ON completion
WHEN (NEW.attempt_id IS NULL) = (NEW.workshop_id IS NULL)
BEGIN SELECT RAISE(ABORT, 'a pass is earned by an attempt or in a workshop, and never by both'); END;

CREATE TRIGGER workshop_never_changes BEFORE UPDATE OF id, module, group_id, starts_at, place, code, recorded_at, recorded_by ON workshop
BEGIN SELECT RAISE(ABORT, 'a workshop never changes'); END;
CREATE TRIGGER workshop_ends_once BEFORE UPDATE ON workshop
WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a workshop is ended once'); END;
CREATE TRIGGER workshop_never_deleted BEFORE DELETE ON workshop
BEGIN SELECT RAISE(ABORT, 'a workshop is never deleted'); END;
CREATE TRIGGER workshop_no_replace BEFORE INSERT ON workshop
WHEN EXISTS (SELECT 1 FROM workshop WHERE id = NEW.id OR code = NEW.code)
BEGIN SELECT RAISE(ABORT, 'a workshop never changes'); END;

CREATE TRIGGER workshop_sign_in_never_changes BEFORE UPDATE ON workshop_sign_in
BEGIN SELECT RAISE(ABORT, 'that somebody was at a workshop never changes'); END;
CREATE TRIGGER workshop_sign_in_never_deleted BEFORE DELETE ON workshop_sign_in
WHEN NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'that somebody was at a workshop is never deleted'); END;
CREATE TRIGGER workshop_sign_in_no_replace BEFORE INSERT ON workshop_sign_in
WHEN EXISTS (SELECT 1 FROM workshop_sign_in WHERE workshop_id = NEW.workshop_id AND person_id = NEW.person_id)
BEGIN SELECT RAISE(ABORT, 'that somebody was at a workshop never changes'); END;
