CREATE TABLE page_read (
    person_id UUID NOT NULL REFERENCES person (id),
    module TEXT NOT NULL,
    edition BIGINT NOT NULL,
    page TEXT NOT NULL,
    read_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (person_id, module, edition, page)
);

CREATE TABLE attempt (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    module TEXT NOT NULL,
    version BIGINT NOT NULL,
    edition BIGINT NOT NULL,
    seed BYTEA NOT NULL,
    number BIGINT NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    submitted_at TIMESTAMPTZ,
    -- In hundredths of a mark, like possible.
    earned BIGINT,
    possible BIGINT,
    passed BOOLEAN,
    FOREIGN KEY (module, version) REFERENCES module_version (module, number)
);
-- Two tabs and a double click open one attempt, not two.
CREATE UNIQUE INDEX attempt_open ON attempt (person_id, module, edition) WHERE submitted_at IS NULL;
CREATE INDEX attempt_by_person ON attempt (person_id, module);

CREATE TABLE answer (
    attempt_id UUID NOT NULL REFERENCES attempt (id),
    question TEXT NOT NULL,
    -- Null when it was cleared: an older answer that comes late must not stand again.
    given JSONB,
    answered_at TIMESTAMPTZ NOT NULL,
    saved_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (attempt_id, question)
);

CREATE TABLE completion (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    module TEXT NOT NULL,
    version BIGINT NOT NULL,
    edition BIGINT NOT NULL,
    -- Null: it was not earned by one.
    attempt_id UUID UNIQUE REFERENCES attempt (id),
    earned BIGINT NOT NULL,
    possible BIGINT NOT NULL,
    -- What its author says that it takes.
    minutes BIGINT NOT NULL,
    -- How many of the pages had been opened when it was handed in, of how many; a help page counts for nobody.
    pages_opened BIGINT NOT NULL,
    pages BIGINT NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    completed_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    FOREIGN KEY (module, version) REFERENCES module_version (module, number),
    UNIQUE (id, person_id)
);
CREATE INDEX completion_by_person ON completion (person_id, module);

-- Somebody has used up their attempts: their tutor is asked to step in.
CREATE TABLE tutor_task (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    module TEXT NOT NULL,
    edition BIGINT NOT NULL,
    attempt_id UUID NOT NULL UNIQUE REFERENCES attempt (id),
    opened_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX tutor_task_by_person ON tutor_task (person_id, module);

-- How many more somebody was given, which closes the task.
CREATE TABLE attempts_given (
    id UUID NOT NULL PRIMARY KEY,
    task_id UUID NOT NULL UNIQUE REFERENCES tutor_task (id),
    person_id UUID NOT NULL REFERENCES person (id),
    attempts BIGINT NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL
);
CREATE INDEX attempts_given_by_person ON attempts_given (person_id);

CREATE TRIGGER attempt_never_changes BEFORE UPDATE OF id, person_id, module, version, edition, seed, number, started_at ON attempt
FOR EACH ROW EXECUTE FUNCTION refuse('what an attempt was begun on never changes');
CREATE TRIGGER attempt_submitted_once BEFORE UPDATE ON attempt
FOR EACH ROW
WHEN (OLD.submitted_at IS NOT NULL) EXECUTE FUNCTION refuse('a submitted attempt never changes');
CREATE TRIGGER attempt_kept BEFORE DELETE ON attempt
FOR EACH ROW
WHEN (OLD.submitted_at IS NOT NULL) EXECUTE FUNCTION refuse('a submitted attempt is never deleted');
CREATE TRIGGER attempt_no_truncate BEFORE TRUNCATE ON attempt
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a submitted attempt is never deleted');

CREATE FUNCTION refuse_answer_after_submission() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- OLD is null for what is inserted, NEW for what is deleted.
    IF EXISTS (SELECT 1 FROM attempt WHERE id IN (OLD.attempt_id, NEW.attempt_id) AND submitted_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the answers of a submitted attempt never change';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER answer_open BEFORE INSERT OR UPDATE OR DELETE ON answer
FOR EACH ROW EXECUTE FUNCTION refuse_answer_after_submission();
CREATE TRIGGER answer_no_truncate BEFORE TRUNCATE ON answer
FOR EACH STATEMENT EXECUTE FUNCTION refuse('the answers of a submitted attempt never change');

CREATE TRIGGER completion_never_changes BEFORE UPDATE ON completion
FOR EACH ROW EXECUTE FUNCTION refuse('a completion never changes');
CREATE TRIGGER completion_never_deleted BEFORE DELETE ON completion
FOR EACH ROW EXECUTE FUNCTION refuse('a completion is never deleted');
CREATE TRIGGER completion_no_truncate BEFORE TRUNCATE ON completion
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a completion is never deleted');

CREATE TRIGGER tutor_task_never_changes BEFORE UPDATE ON tutor_task
FOR EACH ROW EXECUTE FUNCTION refuse('a tutor''s task never changes');
CREATE TRIGGER tutor_task_never_deleted BEFORE DELETE ON tutor_task
FOR EACH ROW EXECUTE FUNCTION refuse('a tutor''s task is never deleted');
CREATE TRIGGER tutor_task_no_truncate BEFORE TRUNCATE ON tutor_task
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a tutor''s task is never deleted');

CREATE TRIGGER attempts_given_never_changes BEFORE UPDATE ON attempts_given
FOR EACH ROW EXECUTE FUNCTION refuse('a gift of attempts never changes');
CREATE TRIGGER attempts_given_never_deleted BEFORE DELETE ON attempts_given
FOR EACH ROW EXECUTE FUNCTION refuse('a gift of attempts is never deleted');
CREATE TRIGGER attempts_given_no_truncate BEFORE TRUNCATE ON attempts_given
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a gift of attempts is never deleted');

CREATE TRIGGER page_read_revises_person AFTER INSERT ON page_read
FOR EACH ROW EXECUTE FUNCTION revise_person();
CREATE TRIGGER attempt_revises_person AFTER INSERT OR UPDATE ON attempt
FOR EACH ROW EXECUTE FUNCTION revise_person();
CREATE TRIGGER completion_revises_person AFTER INSERT ON completion
FOR EACH ROW EXECUTE FUNCTION revise_person();
CREATE TRIGGER tutor_task_revises_person AFTER INSERT ON tutor_task
FOR EACH ROW EXECUTE FUNCTION revise_person();
CREATE TRIGGER attempts_given_revises_person AFTER INSERT ON attempts_given
FOR EACH ROW EXECUTE FUNCTION revise_person();
