-- The code by which anybody asks whether a certificate is genuine. It is drawn by lot when the completion is written: whoever knows a
-- thousand of them knows nothing of another. Whose it is and what they are called stands elsewhere.
CREATE TABLE certificate (
    completion_id BLOB NOT NULL PRIMARY KEY REFERENCES completion (id),
    code TEXT NOT NULL UNIQUE CHECK (length(code) = 16)
);

-- A code that led nowhere, with a digest of where it was asked from, for a day.
CREATE TABLE code_failure (
    id BLOB NOT NULL PRIMARY KEY,
    place TEXT NOT NULL,
    failed_at DATETIME NOT NULL
) WITHOUT ROWID;
CREATE INDEX code_failure_by_place ON code_failure (place, failed_at);
CREATE INDEX code_failure_by_time ON code_failure (failed_at);

CREATE TRIGGER certificate_never_changes BEFORE UPDATE ON certificate
BEGIN SELECT RAISE(ABORT, 'a certificate never changes'); END;
CREATE TRIGGER certificate_never_deleted BEFORE DELETE ON certificate
WHEN NOT EXISTS (SELECT 1 FROM completion c JOIN erased_person e ON e.person_id = c.person_id WHERE c.id = OLD.completion_id)
BEGIN SELECT RAISE(ABORT, 'a certificate is never deleted'); END;
CREATE TRIGGER certificate_no_replace BEFORE INSERT ON certificate
WHEN EXISTS (SELECT 1 FROM certificate WHERE completion_id = NEW.completion_id OR code = NEW.code)
BEGIN SELECT RAISE(ABORT, 'a certificate never changes'); END;
