-- That a signed agreement came in for the named role to which it is submitted, in the transaction that signed it.
CREATE TABLE submission (
    signature_id BLOB NOT NULL PRIMARY KEY REFERENCES signature (id),
    -- Who signed.
    person_id BLOB NOT NULL REFERENCES person (id),
    -- The id of the role in organisation.toml, as the agreement named it then.
    role TEXT NOT NULL,
    submitted_at DATETIME NOT NULL
);
CREATE INDEX submission_by_role ON submission (role, submitted_at, signature_id);
CREATE INDEX submission_by_person ON submission (person_id);

-- That somebody who holds the role has ticked it off. It decides nothing, and can be taken back.
CREATE TABLE submission_tick (
    id BLOB NOT NULL PRIMARY KEY,
    signature_id BLOB NOT NULL REFERENCES submission (signature_id),
    -- Who signed.
    person_id BLOB NOT NULL REFERENCES person (id),
    recorded_at DATETIME NOT NULL,
    recorded_by TEXT NOT NULL,
    ended_at DATETIME,
    ended_by TEXT,
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE UNIQUE INDEX submission_tick_open ON submission_tick (signature_id) WHERE ended_at IS NULL;
CREATE INDEX submission_tick_by_signature ON submission_tick (signature_id);
CREATE INDEX submission_tick_by_person ON submission_tick (person_id);

CREATE TRIGGER submission_never_changes BEFORE UPDATE ON submission
BEGIN SELECT RAISE(ABORT, 'a submission never changes'); END;
CREATE TRIGGER submission_never_deleted BEFORE DELETE ON submission
WHEN NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'a submission is never deleted'); END;
CREATE TRIGGER submission_no_replace BEFORE INSERT ON submission
WHEN EXISTS (SELECT 1 FROM submission WHERE signature_id = NEW.signature_id)
BEGIN SELECT RAISE(ABORT, 'a submission never changes'); END;

CREATE TRIGGER submission_tick_never_changes BEFORE UPDATE OF id, signature_id, person_id, recorded_at, recorded_by ON submission_tick
BEGIN SELECT RAISE(ABORT, 'that something was ticked off never changes'); END;
CREATE TRIGGER submission_tick_ends_once BEFORE UPDATE ON submission_tick
WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'that something was ticked off is ended once'); END;
CREATE TRIGGER submission_tick_never_deleted BEFORE DELETE ON submission_tick
WHEN NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'that something was ticked off is never deleted'); END;
CREATE TRIGGER submission_tick_no_replace BEFORE INSERT ON submission_tick
WHEN EXISTS (SELECT 1 FROM submission_tick WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'that something was ticked off never changes'); END;
