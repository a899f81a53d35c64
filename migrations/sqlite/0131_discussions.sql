-- A module worked through side by side: who has somebody in their care marks the discussion as held. It decides nothing.
CREATE TABLE discussion (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    module TEXT NOT NULL,
    -- The version whose run sheet was followed, and its edition.
    version BIGINT NOT NULL,
    edition BIGINT NOT NULL,
    held_on DATE NOT NULL,
    place TEXT NOT NULL,
    recorded_at DATETIME NOT NULL,
    recorded_by TEXT NOT NULL,
    UNIQUE (id, person_id),
    FOREIGN KEY (module, version) REFERENCES module_version (module, number)
);
CREATE INDEX discussion_by_person ON discussion (person_id, recorded_at);
CREATE INDEX discussion_by_tutor ON discussion (recorded_by, recorded_at);

-- What they say of it themselves, once: that it was held so, or that it was not.
CREATE TABLE discussion_answer (
    discussion_id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL,
    held BOOLEAN NOT NULL,
    answered_at DATETIME NOT NULL,
    FOREIGN KEY (discussion_id, person_id) REFERENCES discussion (id, person_id)
);
CREATE INDEX discussion_answer_by_person ON discussion_answer (person_id);

-- Of a pass by the whole quiz, the discussion in which the module had been worked through before it. Null: none had.
ALTER TABLE completion ADD COLUMN discussion_id BLOB REFERENCES discussion (id);
CREATE UNIQUE INDEX completion_by_discussion ON completion (discussion_id);
CREATE TRIGGER completion_discussed_by_both BEFORE INSERT ON completion
WHEN NEW.discussion_id IS NOT NULL AND (NEW.attempt_id IS NULL OR NEW.refreshes IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM discussion d JOIN discussion_answer a ON a.discussion_id = d.id
    WHERE d.id = NEW.discussion_id AND d.person_id = NEW.person_id AND d.module = NEW.module AND d.edition = NEW.edition AND a.held))
BEGIN SELECT RAISE(ABORT, 'a pass names only a discussion of its own that both confirmed'); END;

CREATE TRIGGER discussion_never_changes BEFORE UPDATE ON discussion
BEGIN SELECT RAISE(ABORT, 'a discussion never changes'); END;
CREATE TRIGGER discussion_never_deleted BEFORE DELETE ON discussion
WHEN NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'a discussion is never deleted'); END;
CREATE TRIGGER discussion_no_replace BEFORE INSERT ON discussion
WHEN EXISTS (SELECT 1 FROM discussion WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a discussion never changes'); END;

CREATE TRIGGER discussion_answer_never_changes BEFORE UPDATE ON discussion_answer
BEGIN SELECT RAISE(ABORT, 'what was said of a discussion never changes'); END;
CREATE TRIGGER discussion_answer_never_deleted BEFORE DELETE ON discussion_answer
WHEN NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'what was said of a discussion is never deleted'); END;
CREATE TRIGGER discussion_answer_no_replace BEFORE INSERT ON discussion_answer
WHEN EXISTS (SELECT 1 FROM discussion_answer WHERE discussion_id = NEW.discussion_id)
BEGIN SELECT RAISE(ABORT, 'what was said of a discussion never changes'); END;
