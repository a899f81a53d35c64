-- Letting go of what is about people: that it was done, of which entries of the log, and of whom nothing is left but that they were known.
CREATE TABLE erasure (
    id UUID NOT NULL PRIMARY KEY,
    -- Why: request, or the rule that asked for it.
    basis TEXT NOT NULL,
    -- How many entries can no longer be opened at all, and how many parts of others are gone.
    leaves BIGINT NOT NULL,
    parts BIGINT NOT NULL,
    -- Of the list of all that is gone since the log began, in 64 hexadecimal digits.
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL
);

-- What is gone of the log: whole entries (envelope), or parts of a kind, each as the first and the last number of a range.
CREATE TABLE log_gone (
    kind TEXT NOT NULL,
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    erasure_id UUID NOT NULL REFERENCES erasure (id),
    PRIMARY KEY (kind, first),
    CHECK (last >= first)
);
CREATE INDEX log_gone_by_erasure ON log_gone (erasure_id);

-- Of whom everything was erased. What was recorded about them may be deleted, and about nobody else.
CREATE TABLE erased_person (
    person_id UUID NOT NULL PRIMARY KEY REFERENCES person (id),
    erased_at TIMESTAMPTZ NOT NULL
);

-- Attempts whose answers were let go of. What came of them stays.
CREATE TABLE answers_let_go (
    attempt_id UUID NOT NULL PRIMARY KEY REFERENCES attempt (id),
    let_go_at TIMESTAMPTZ NOT NULL
);

-- Work without a request, by name. Whoever holds it does it, and until claimed_until nobody else; who died holds it no longer.
CREATE TABLE job (
    name TEXT NOT NULL PRIMARY KEY,
    due_at TIMESTAMPTZ NOT NULL,
    claimed_by UUID,
    claimed_until TIMESTAMPTZ,
    -- The last time that it was done, or tried.
    began_at TIMESTAMPTZ,
    ended_at TIMESTAMPTZ,
    -- What came of it, in a line for whoever looks after this installation.
    said TEXT,
    -- How many times in a row it has failed.
    failures BIGINT NOT NULL,
    CHECK ((claimed_by IS NULL) = (claimed_until IS NULL))
);

-- Who did what for others, so that what names somebody is found without reading the log.
CREATE INDEX log_part_by ON log_part (part) WHERE kind = 'by';

CREATE TRIGGER erasure_never_changes BEFORE UPDATE ON erasure
FOR EACH ROW EXECUTE FUNCTION refuse('an erasure never changes');
CREATE TRIGGER erasure_never_deleted BEFORE DELETE ON erasure
FOR EACH ROW EXECUTE FUNCTION refuse('an erasure is never deleted');
CREATE TRIGGER erasure_no_truncate BEFORE TRUNCATE ON erasure
FOR EACH STATEMENT EXECUTE FUNCTION refuse('an erasure is never deleted');

CREATE TRIGGER log_gone_never_changes BEFORE UPDATE ON log_gone
FOR EACH ROW EXECUTE FUNCTION refuse('what is gone of the log never changes');
CREATE TRIGGER log_gone_never_deleted BEFORE DELETE ON log_gone
FOR EACH ROW EXECUTE FUNCTION refuse('what is gone of the log is never deleted');
CREATE TRIGGER log_gone_no_truncate BEFORE TRUNCATE ON log_gone
FOR EACH STATEMENT EXECUTE FUNCTION refuse('what is gone of the log is never deleted');

CREATE TRIGGER erased_person_never_changes BEFORE UPDATE ON erased_person
FOR EACH ROW EXECUTE FUNCTION refuse('that somebody was erased never changes');
CREATE TRIGGER erased_person_never_deleted BEFORE DELETE ON erased_person
FOR EACH ROW EXECUTE FUNCTION refuse('that somebody was erased is never deleted');
CREATE TRIGGER erased_person_no_truncate BEFORE TRUNCATE ON erased_person
FOR EACH STATEMENT EXECUTE FUNCTION refuse('that somebody was erased is never deleted');

CREATE TRIGGER answers_let_go_never_changes BEFORE UPDATE ON answers_let_go
FOR EACH ROW EXECUTE FUNCTION refuse('that answers were let go of never changes');
CREATE TRIGGER answers_let_go_no_truncate BEFORE TRUNCATE ON answers_let_go
FOR EACH STATEMENT EXECUTE FUNCTION refuse('that answers were let go of is never deleted');

CREATE FUNCTION refuse_unless_of_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM attempt a JOIN erased_person e ON e.person_id = a.person_id WHERE a.id = OLD.attempt_id) THEN
        RAISE EXCEPTION '%', TG_ARGV[0];
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER answers_let_go_never_deleted BEFORE DELETE ON answers_let_go
FOR EACH ROW EXECUTE FUNCTION refuse_unless_of_erased('that answers were let go of is never deleted');

-- Nothing that was recorded about somebody is deleted unless all of it is.
CREATE FUNCTION refuse_unless_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id) THEN
        RAISE EXCEPTION '%', TG_ARGV[0];
    END IF;
    RETURN OLD;
END $$;

DROP TRIGGER password_set_never_deleted ON password_set;
CREATE TRIGGER password_set_never_deleted BEFORE DELETE ON password_set
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('that a password was set is never deleted');
DROP TRIGGER second_factor_never_deleted ON second_factor;
CREATE TRIGGER second_factor_never_deleted BEFORE DELETE ON second_factor
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('a second factor is never deleted');
DROP TRIGGER token_never_deleted ON token;
CREATE TRIGGER token_never_deleted BEFORE DELETE ON token
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('a token is never deleted');
DROP TRIGGER stay_never_deleted ON stay;
CREATE TRIGGER stay_never_deleted BEFORE DELETE ON stay
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('a stay is never deleted');
DROP TRIGGER in_audience_never_deleted ON in_audience;
CREATE TRIGGER in_audience_never_deleted BEFORE DELETE ON in_audience
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('being in an audience is never deleted');
DROP TRIGGER membership_never_deleted ON membership;
CREATE TRIGGER membership_never_deleted BEFORE DELETE ON membership
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('a membership is never deleted');
DROP TRIGGER duty_never_deleted ON duty;
CREATE TRIGGER duty_never_deleted BEFORE DELETE ON duty
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('a duty is never deleted');
DROP TRIGGER assignment_never_deleted ON assignment;
CREATE TRIGGER assignment_never_deleted BEFORE DELETE ON assignment
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('an assignment is never deleted');
DROP TRIGGER exemption_never_deleted ON exemption;
CREATE TRIGGER exemption_never_deleted BEFORE DELETE ON exemption
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('an exemption is never deleted');
DROP TRIGGER completion_never_deleted ON completion;
CREATE TRIGGER completion_never_deleted BEFORE DELETE ON completion
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('a completion is never deleted');
DROP TRIGGER tutor_task_never_deleted ON tutor_task;
CREATE TRIGGER tutor_task_never_deleted BEFORE DELETE ON tutor_task
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('a tutor''s task is never deleted');
DROP TRIGGER attempts_given_never_deleted ON attempts_given;
CREATE TRIGGER attempts_given_never_deleted BEFORE DELETE ON attempts_given
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('a gift of attempts is never deleted');
DROP TRIGGER signature_never_deleted ON signature;
CREATE TRIGGER signature_never_deleted BEFORE DELETE ON signature
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('a signature is never deleted');
DROP TRIGGER signature_completion_never_deleted ON signature_completion;
CREATE TRIGGER signature_completion_never_deleted BEFORE DELETE ON signature_completion
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('what a signature stands on is never deleted');
DROP TRIGGER detail_set_never_deleted ON detail_set;
CREATE TRIGGER detail_set_never_deleted BEFORE DELETE ON detail_set
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('that details were set is never deleted');
DROP TRIGGER look_never_deleted ON look;
CREATE TRIGGER look_never_deleted BEFORE DELETE ON look
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('a look is never deleted');

DROP TRIGGER attempt_kept ON attempt;
CREATE TRIGGER attempt_kept BEFORE DELETE ON attempt
FOR EACH ROW
WHEN (OLD.submitted_at IS NOT NULL) EXECUTE FUNCTION refuse_unless_erased('a submitted attempt is never deleted');

-- The answers of a submitted attempt never change; they may be let go of, once that is on record.
CREATE OR REPLACE FUNCTION refuse_answer_after_submission() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- OLD is null for what is inserted, NEW for what is deleted.
    IF EXISTS (SELECT 1 FROM attempt WHERE id IN (OLD.attempt_id, NEW.attempt_id) AND submitted_at IS NOT NULL)
        AND NOT (TG_OP = 'DELETE' AND (
            EXISTS (SELECT 1 FROM answers_let_go l WHERE l.attempt_id = OLD.attempt_id)
            OR EXISTS (SELECT 1 FROM attempt a JOIN erased_person e ON e.person_id = a.person_id WHERE a.id = OLD.attempt_id)))
    THEN
        RAISE EXCEPTION 'the answers of a submitted attempt never change';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
