-- The code by which anybody asks whether a certificate is genuine. It is drawn by lot when the completion is written: whoever knows a
-- thousand of them knows nothing of another. Whose it is and what they are called stands elsewhere.
CREATE TABLE certificate (
    completion_id UUID NOT NULL PRIMARY KEY REFERENCES completion (id),
    code TEXT NOT NULL UNIQUE CHECK (length(code) = 16)
);

-- A code that led nowhere, with a digest of where it was asked from, for a day.
CREATE TABLE code_failure (
    id UUID NOT NULL PRIMARY KEY,
    place TEXT NOT NULL,
    failed_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX code_failure_by_place ON code_failure (place, failed_at);
CREATE INDEX code_failure_by_time ON code_failure (failed_at);

CREATE TRIGGER certificate_never_changes BEFORE UPDATE ON certificate
FOR EACH ROW EXECUTE FUNCTION refuse('a certificate never changes');
CREATE FUNCTION refuse_unless_pass_of_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM completion c JOIN erased_person e ON e.person_id = c.person_id WHERE c.id = OLD.completion_id) THEN
        RAISE EXCEPTION '%', TG_ARGV[0];
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER certificate_never_deleted BEFORE DELETE ON certificate
FOR EACH ROW EXECUTE FUNCTION refuse_unless_pass_of_erased('a certificate is never deleted');
CREATE TRIGGER certificate_no_truncate BEFORE TRUNCATE ON certificate
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a certificate is never deleted');
