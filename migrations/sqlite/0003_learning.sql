CREATE TABLE page_read (
    person_id BLOB NOT NULL REFERENCES person (id),
    module TEXT NOT NULL,
    edition BIGINT NOT NULL,
    page TEXT NOT NULL,
    read_at DATETIME NOT NULL,
    PRIMARY KEY (person_id, module, edition, page)
);

CREATE TABLE attempt (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    module TEXT NOT NULL,
    version_sha256 TEXT NOT NULL REFERENCES module_version (sha256),
    edition BIGINT NOT NULL,
    seed BLOB NOT NULL,
    number BIGINT NOT NULL,
    started_at DATETIME NOT NULL,
    submitted_at DATETIME,
    earned BIGINT,
    -- In hundredths of a mark, like earned.
    possible BIGINT,
    passed BOOLEAN
);
-- Two tabs and a double click open one attempt, not two.
CREATE UNIQUE INDEX attempt_open ON attempt (person_id, module, edition) WHERE submitted_at IS NULL;
CREATE INDEX attempt_by_person ON attempt (person_id, module);

CREATE TABLE answer (
    attempt_id BLOB NOT NULL REFERENCES attempt (id),
    question TEXT NOT NULL,
    -- Null when it was cleared: an older answer that comes late must not stand again.
    given TEXT,
    answered_at DATETIME NOT NULL,
    saved_at DATETIME NOT NULL,
    PRIMARY KEY (attempt_id, question)
);

CREATE TABLE completion (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    module TEXT NOT NULL,
    version_sha256 TEXT NOT NULL REFERENCES module_version (sha256),
    edition BIGINT NOT NULL,
    attempt_id BLOB NOT NULL UNIQUE REFERENCES attempt (id),
    earned BIGINT NOT NULL,
    possible BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    completed_at DATETIME NOT NULL,
    expires_at DATETIME NOT NULL
);
CREATE INDEX completion_by_person ON completion (person_id, module);

-- Somebody has used up their attempts: their tutor is asked to step in.
CREATE TABLE tutor_task (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    module TEXT NOT NULL,
    edition BIGINT NOT NULL,
    attempt_id BLOB NOT NULL UNIQUE REFERENCES attempt (id),
    opened_at DATETIME NOT NULL,
    closed_at DATETIME,
    closed_by BLOB REFERENCES person (id),
    attempts_granted BIGINT
);
CREATE INDEX tutor_task_by_person ON tutor_task (person_id, module);

CREATE TRIGGER attempt_submitted_once BEFORE UPDATE ON attempt WHEN OLD.submitted_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a submitted attempt never changes'); END;
CREATE TRIGGER attempt_no_replace BEFORE INSERT ON attempt
WHEN EXISTS (SELECT 1 FROM attempt WHERE id = NEW.id AND submitted_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'a submitted attempt never changes'); END;
CREATE TRIGGER attempt_kept BEFORE DELETE ON attempt WHEN OLD.submitted_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a submitted attempt is never deleted'); END;

CREATE TRIGGER answer_open_insert BEFORE INSERT ON answer
WHEN (SELECT submitted_at FROM attempt WHERE id = NEW.attempt_id) IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'the answers of a submitted attempt never change'); END;
CREATE TRIGGER answer_open_update BEFORE UPDATE ON answer
WHEN EXISTS (SELECT 1 FROM attempt WHERE id IN (OLD.attempt_id, NEW.attempt_id) AND submitted_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the answers of a submitted attempt never change'); END;
CREATE TRIGGER answer_open_delete BEFORE DELETE ON answer
WHEN (SELECT submitted_at FROM attempt WHERE id = OLD.attempt_id) IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'the answers of a submitted attempt never change'); END;

CREATE TRIGGER completion_no_update BEFORE UPDATE ON completion
BEGIN SELECT RAISE(ABORT, 'completions are append-only'); END;
CREATE TRIGGER completion_no_delete BEFORE DELETE ON completion
BEGIN SELECT RAISE(ABORT, 'completions are append-only'); END;
-- REPLACE deletes without asking the delete trigger unless recursive triggers are on; this holds even when they are off.
CREATE TRIGGER completion_no_replace BEFORE INSERT ON completion
WHEN EXISTS (SELECT 1 FROM completion WHERE id = NEW.id OR attempt_id = NEW.attempt_id)
BEGIN SELECT RAISE(ABORT, 'completions are append-only'); END;

CREATE TRIGGER module_version_no_update BEFORE UPDATE ON module_version
BEGIN SELECT RAISE(ABORT, 'published versions are append-only'); END;
CREATE TRIGGER module_version_no_delete BEFORE DELETE ON module_version
BEGIN SELECT RAISE(ABORT, 'published versions are append-only'); END;
CREATE TRIGGER module_version_no_replace BEFORE INSERT ON module_version
WHEN EXISTS (SELECT 1 FROM module_version
             WHERE sha256 = NEW.sha256 OR (module = NEW.module AND number = NEW.number))
BEGIN SELECT RAISE(ABORT, 'published versions are append-only'); END;
