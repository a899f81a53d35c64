-- Letting go of what is about people: that it was done, of which entries of the log, and of whom nothing is left but that they were known.
CREATE TABLE erasure (
    id BLOB NOT NULL PRIMARY KEY,
    -- Why: request, or the rule that asked for it.
    basis TEXT NOT NULL,
    -- How many entries can no longer be opened at all, and how many parts of others are gone.
    leaves BIGINT NOT NULL,
    parts BIGINT NOT NULL,
    -- Of the list of all that is gone since the log began, in 64 hexadecimal digits.
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    recorded_at DATETIME NOT NULL,
    recorded_by TEXT NOT NULL
);

-- What is gone of the log: whole entries (envelope), or parts of a kind, each as the first and the last number of a range.
CREATE TABLE log_gone (
    kind TEXT NOT NULL,
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    erasure_id BLOB NOT NULL REFERENCES erasure (id),
    PRIMARY KEY (kind, first),
    CHECK (last >= first)
) WITHOUT ROWID;
CREATE INDEX log_gone_by_erasure ON log_gone (erasure_id);

-- Of whom everything was erased. What was recorded about them may be deleted, and about nobody else.
CREATE TABLE erased_person (
    person_id BLOB NOT NULL PRIMARY KEY REFERENCES person (id),
    erased_at DATETIME NOT NULL
) WITHOUT ROWID;

-- Attempts whose answers were let go of. What came of them stays.
CREATE TABLE answers_let_go (
    attempt_id BLOB NOT NULL PRIMARY KEY REFERENCES attempt (id),
    let_go_at DATETIME NOT NULL
) WITHOUT ROWID;

-- Work without a request, by name. Whoever holds it does it, and until claimed_until nobody else; who died holds it no longer.
CREATE TABLE job (
    name TEXT NOT NULL PRIMARY KEY,
    due_at DATETIME NOT NULL,
    claimed_by BLOB,
    claimed_until DATETIME,
    -- The last time that it was done, or tried.
    began_at DATETIME,
    ended_at DATETIME,
    -- What came of it, in a line for whoever looks after this installation.
    said TEXT,
    -- How many times in a row it has failed.
    failures BIGINT NOT NULL,
    CHECK ((claimed_by IS NULL) = (claimed_until IS NULL))
) WITHOUT ROWID;

-- Who did what for others, so that what names somebody is found without reading the log.
CREATE INDEX log_part_by ON log_part (part) WHERE kind = 'by';

CREATE TRIGGER erasure_never_changes BEFORE UPDATE ON erasure
BEGIN SELECT RAISE(ABORT, 'an erasure never changes'); END;
CREATE TRIGGER erasure_never_deleted BEFORE DELETE ON erasure
BEGIN SELECT RAISE(ABORT, 'an erasure is never deleted'); END;
CREATE TRIGGER erasure_no_replace BEFORE INSERT ON erasure
WHEN EXISTS (SELECT 1 FROM erasure WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'an erasure never changes'); END;

CREATE TRIGGER log_gone_never_changes BEFORE UPDATE ON log_gone
BEGIN SELECT RAISE(ABORT, 'what is gone of the log never changes'); END;
CREATE TRIGGER log_gone_never_deleted BEFORE DELETE ON log_gone
BEGIN SELECT RAISE(ABORT, 'what is gone of the log is never deleted'); END;
CREATE TRIGGER log_gone_no_replace BEFORE INSERT ON log_gone
WHEN EXISTS (SELECT 1 FROM log_gone WHERE kind = NEW.kind AND first = NEW.first)
BEGIN SELECT RAISE(ABORT, 'what is gone of the log never changes'); END;

CREATE TRIGGER erased_person_never_changes BEFORE UPDATE ON erased_person
BEGIN SELECT RAISE(ABORT, 'that somebody was erased never changes'); END;
CREATE TRIGGER erased_person_never_deleted BEFORE DELETE ON erased_person
BEGIN SELECT RAISE(ABORT, 'that somebody was erased is never deleted'); END;
CREATE TRIGGER erased_person_no_replace BEFORE INSERT ON erased_person
WHEN EXISTS (SELECT 1 FROM erased_person WHERE person_id = NEW.person_id)
BEGIN SELECT RAISE(ABORT, 'that somebody was erased never changes'); END;

CREATE TRIGGER answers_let_go_never_changes BEFORE UPDATE ON answers_let_go
BEGIN SELECT RAISE(ABORT, 'that answers were let go of never changes'); END;
CREATE TRIGGER answers_let_go_never_deleted BEFORE DELETE ON answers_let_go
WHEN NOT EXISTS (SELECT 1 FROM attempt a JOIN erased_person e ON e.person_id = a.person_id WHERE a.id = OLD.attempt_id)
BEGIN SELECT RAISE(ABORT, 'that answers were let go of is never deleted'); END;
CREATE TRIGGER answers_let_go_no_replace BEFORE INSERT ON answers_let_go
WHEN EXISTS (SELECT 1 FROM answers_let_go WHERE attempt_id = NEW.attempt_id)
BEGIN SELECT RAISE(ABORT, 'that answers were let go of never changes'); END;

-- Nothing that was recorded about somebody is deleted unless all of it is.
DROP TRIGGER password_set_never_deleted;
CREATE TRIGGER password_set_never_deleted BEFORE DELETE ON password_set
WHEN NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'that a password was set is never deleted'); END;
DROP TRIGGER second_factor_never_deleted;
CREATE TRIGGER second_factor_never_deleted BEFORE DELETE ON second_factor
WHEN NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'a second factor is never deleted'); END;
DROP TRIGGER token_never_deleted;
CREATE TRIGGER token_never_deleted BEFORE DELETE ON token
WHEN NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'a token is never deleted'); END;
DROP TRIGGER stay_never_deleted;
CREATE TRIGGER stay_never_deleted BEFORE DELETE ON stay
WHEN NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'a stay is never deleted'); END;
DROP TRIGGER in_audience_never_deleted;
CREATE TRIGGER in_audience_never_deleted BEFORE DELETE ON in_audience
WHEN NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'being in an audience is never deleted'); END;
DROP TRIGGER membership_never_deleted;
CREATE TRIGGER membership_never_deleted BEFORE DELETE ON membership
WHEN NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'a membership is never deleted'); END;
DROP TRIGGER duty_never_deleted;
CREATE TRIGGER duty_never_deleted BEFORE DELETE ON duty
WHEN NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'a duty is never deleted'); END;
DROP TRIGGER assignment_never_deleted;
CREATE TRIGGER assignment_never_deleted BEFORE DELETE ON assignment
WHEN NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'an assignment is never deleted'); END;
DROP TRIGGER exemption_never_deleted;
CREATE TRIGGER exemption_never_deleted BEFORE DELETE ON exemption
WHEN NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'an exemption is never deleted'); END;
DROP TRIGGER completion_never_deleted;
CREATE TRIGGER completion_never_deleted BEFORE DELETE ON completion
WHEN NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'a completion is never deleted'); END;
DROP TRIGGER tutor_task_never_deleted;
CREATE TRIGGER tutor_task_never_deleted BEFORE DELETE ON tutor_task
WHEN NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'a tutor''s task is never deleted'); END;
DROP TRIGGER attempts_given_never_deleted;
CREATE TRIGGER attempts_given_never_deleted BEFORE DELETE ON attempts_given
WHEN NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'a gift of attempts is never deleted'); END;
DROP TRIGGER signature_never_deleted;
CREATE TRIGGER signature_never_deleted BEFORE DELETE ON signature
WHEN NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'a signature is never deleted'); END;
DROP TRIGGER signature_completion_never_deleted;
CREATE TRIGGER signature_completion_never_deleted BEFORE DELETE ON signature_completion
WHEN NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'what a signature stands on is never deleted'); END;
DROP TRIGGER detail_set_never_deleted;
CREATE TRIGGER detail_set_never_deleted BEFORE DELETE ON detail_set
WHEN NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'that details were set is never deleted'); END;
DROP TRIGGER look_never_deleted;
CREATE TRIGGER look_never_deleted BEFORE DELETE ON look
WHEN NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'a look is never deleted'); END;

DROP TRIGGER attempt_kept;
CREATE TRIGGER attempt_kept BEFORE DELETE ON attempt
WHEN OLD.submitted_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'a submitted attempt is never deleted'); END;

-- The answers of a submitted attempt never change; they may be let go of, once that is on record.
DROP TRIGGER answer_open_delete;
CREATE TRIGGER answer_open_delete BEFORE DELETE ON answer
WHEN (SELECT submitted_at FROM attempt WHERE id = OLD.attempt_id) IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM answers_let_go l WHERE l.attempt_id = OLD.attempt_id)
    AND NOT EXISTS (SELECT 1 FROM attempt a JOIN erased_person e ON e.person_id = a.person_id WHERE a.id = OLD.attempt_id)
BEGIN SELECT RAISE(ABORT, 'the answers of a submitted attempt never change'); END;
