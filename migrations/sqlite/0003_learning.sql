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
    version BIGINT NOT NULL,
    edition BIGINT NOT NULL,
    seed BLOB NOT NULL,
    number BIGINT NOT NULL,
    started_at DATETIME NOT NULL,
    submitted_at DATETIME,
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
    version BIGINT NOT NULL,
    edition BIGINT NOT NULL,
    -- Null: it was not earned by one.
    attempt_id BLOB UNIQUE REFERENCES attempt (id),
    earned BIGINT NOT NULL,
    possible BIGINT NOT NULL,
    -- What its author says that it takes.
    minutes BIGINT NOT NULL,
    -- How many of the pages had been opened when it was handed in, of how many; a help page counts for nobody.
    pages_opened BIGINT NOT NULL,
    pages BIGINT NOT NULL,
    started_at DATETIME NOT NULL,
    completed_at DATETIME NOT NULL,
    expires_at DATETIME NOT NULL,
    FOREIGN KEY (module, version) REFERENCES module_version (module, number),
    UNIQUE (id, person_id)
);
CREATE INDEX completion_by_person ON completion (person_id, module);

-- Somebody has used up their attempts: their tutor is asked to step in.
CREATE TABLE tutor_task (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    module TEXT NOT NULL,
    edition BIGINT NOT NULL,
    attempt_id BLOB NOT NULL UNIQUE REFERENCES attempt (id),
    opened_at DATETIME NOT NULL
);
CREATE INDEX tutor_task_by_person ON tutor_task (person_id, module);

-- How many more somebody was given, which closes the task.
CREATE TABLE attempts_given (
    id BLOB NOT NULL PRIMARY KEY,
    task_id BLOB NOT NULL UNIQUE REFERENCES tutor_task (id),
    person_id BLOB NOT NULL REFERENCES person (id),
    attempts BIGINT NOT NULL,
    recorded_at DATETIME NOT NULL,
    recorded_by TEXT NOT NULL
);
CREATE INDEX attempts_given_by_person ON attempts_given (person_id);

CREATE TRIGGER attempt_never_changes BEFORE UPDATE OF id, person_id, module, version, edition, seed, number, started_at ON attempt
BEGIN SELECT RAISE(ABORT, 'what an attempt was begun on never changes'); END;
CREATE TRIGGER attempt_submitted_once BEFORE UPDATE ON attempt
WHEN OLD.submitted_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a submitted attempt never changes'); END;
CREATE TRIGGER attempt_no_replace BEFORE INSERT ON attempt
WHEN EXISTS (SELECT 1 FROM attempt WHERE id = NEW.id AND submitted_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'a submitted attempt never changes'); END;
CREATE TRIGGER attempt_kept BEFORE DELETE ON attempt
WHEN OLD.submitted_at IS NOT NULL
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

CREATE TRIGGER completion_never_changes BEFORE UPDATE ON completion
BEGIN SELECT RAISE(ABORT, 'a completion never changes'); END;
CREATE TRIGGER completion_never_deleted BEFORE DELETE ON completion
BEGIN SELECT RAISE(ABORT, 'a completion is never deleted'); END;
CREATE TRIGGER completion_no_replace BEFORE INSERT ON completion
WHEN EXISTS (SELECT 1 FROM completion WHERE id = NEW.id OR attempt_id = NEW.attempt_id)
BEGIN SELECT RAISE(ABORT, 'a completion never changes'); END;

CREATE TRIGGER tutor_task_never_changes BEFORE UPDATE ON tutor_task
BEGIN SELECT RAISE(ABORT, 'a tutor''s task never changes'); END;
CREATE TRIGGER tutor_task_never_deleted BEFORE DELETE ON tutor_task
BEGIN SELECT RAISE(ABORT, 'a tutor''s task is never deleted'); END;
CREATE TRIGGER tutor_task_no_replace BEFORE INSERT ON tutor_task
WHEN EXISTS (SELECT 1 FROM tutor_task WHERE id = NEW.id OR attempt_id = NEW.attempt_id)
BEGIN SELECT RAISE(ABORT, 'a tutor''s task never changes'); END;

CREATE TRIGGER attempts_given_never_changes BEFORE UPDATE ON attempts_given
BEGIN SELECT RAISE(ABORT, 'a gift of attempts never changes'); END;
CREATE TRIGGER attempts_given_never_deleted BEFORE DELETE ON attempts_given
BEGIN SELECT RAISE(ABORT, 'a gift of attempts is never deleted'); END;
CREATE TRIGGER attempts_given_no_replace BEFORE INSERT ON attempts_given
WHEN EXISTS (SELECT 1 FROM attempts_given WHERE id = NEW.id OR task_id = NEW.task_id)
BEGIN SELECT RAISE(ABORT, 'a gift of attempts never changes'); END;

CREATE TRIGGER page_read_revises_person_on_insert AFTER INSERT ON page_read
BEGIN UPDATE person SET revision = revision + 1 WHERE id = NEW.person_id; END;
CREATE TRIGGER attempt_revises_person_on_insert AFTER INSERT ON attempt
BEGIN UPDATE person SET revision = revision + 1 WHERE id = NEW.person_id; END;
CREATE TRIGGER attempt_revises_person_on_update AFTER UPDATE ON attempt
BEGIN UPDATE person SET revision = revision + 1 WHERE id = NEW.person_id; END;
CREATE TRIGGER completion_revises_person_on_insert AFTER INSERT ON completion
BEGIN UPDATE person SET revision = revision + 1 WHERE id = NEW.person_id; END;
CREATE TRIGGER tutor_task_revises_person_on_insert AFTER INSERT ON tutor_task
BEGIN UPDATE person SET revision = revision + 1 WHERE id = NEW.person_id; END;
CREATE TRIGGER attempts_given_revises_person_on_insert AFTER INSERT ON attempts_given
BEGIN UPDATE person SET revision = revision + 1 WHERE id = NEW.person_id; END;
