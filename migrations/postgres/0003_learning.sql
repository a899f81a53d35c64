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
    version_sha256 TEXT NOT NULL REFERENCES module_version (sha256),
    edition BIGINT NOT NULL,
    seed BYTEA NOT NULL,
    number BIGINT NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    submitted_at TIMESTAMPTZ,
    earned BIGINT,
    -- In hundredths of a mark, like earned.
    possible BIGINT,
    passed BOOLEAN
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
    version_sha256 TEXT NOT NULL REFERENCES module_version (sha256),
    edition BIGINT NOT NULL,
    attempt_id UUID NOT NULL UNIQUE REFERENCES attempt (id),
    earned BIGINT NOT NULL,
    possible BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    completed_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX completion_by_person ON completion (person_id, module);

-- Somebody has used up their attempts: their tutor is asked to step in.
CREATE TABLE tutor_task (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    module TEXT NOT NULL,
    edition BIGINT NOT NULL,
    attempt_id UUID NOT NULL UNIQUE REFERENCES attempt (id),
    opened_at TIMESTAMPTZ NOT NULL,
    closed_at TIMESTAMPTZ,
    closed_by UUID REFERENCES person (id),
    attempts_granted BIGINT
);
CREATE INDEX tutor_task_by_person ON tutor_task (person_id, module);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;

CREATE TRIGGER attempt_submitted_once BEFORE UPDATE OR DELETE ON attempt
FOR EACH ROW WHEN (OLD.submitted_at IS NOT NULL) EXECUTE FUNCTION refuse_change();

CREATE TRIGGER attempt_no_truncate BEFORE TRUNCATE ON attempt
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

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
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER completion_append_only BEFORE UPDATE OR DELETE ON completion
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER completion_no_truncate BEFORE TRUNCATE ON completion
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER module_version_append_only BEFORE UPDATE OR DELETE ON module_version
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER module_version_no_truncate BEFORE TRUNCATE ON module_version
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
