-- A module worked through side by side: who has somebody in their care marks the discussion as held. It decides nothing.
CREATE TABLE discussion (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    module TEXT NOT NULL,
    -- The version whose run sheet was followed, and its edition.
    version BIGINT NOT NULL,
    edition BIGINT NOT NULL,
    held_on DATE NOT NULL,
    place TEXT NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL,
    UNIQUE (id, person_id),
    FOREIGN KEY (module, version) REFERENCES module_version (module, number)
);
CREATE INDEX discussion_by_person ON discussion (person_id, recorded_at);
CREATE INDEX discussion_by_tutor ON discussion (recorded_by, recorded_at);

-- What they say of it themselves, once: that it was held so, or that it was not.
CREATE TABLE discussion_answer (
    discussion_id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL,
    held BOOLEAN NOT NULL,
    answered_at TIMESTAMPTZ NOT NULL,
    FOREIGN KEY (discussion_id, person_id) REFERENCES discussion (id, person_id)
);
CREATE INDEX discussion_answer_by_person ON discussion_answer (person_id);

-- Of a pass by the whole quiz, the discussion in which the module had been worked through before it. Null: none had.
ALTER TABLE completion ADD COLUMN discussion_id UUID REFERENCES discussion (id);
CREATE UNIQUE INDEX completion_by_discussion ON completion (discussion_id);
CREATE FUNCTION refuse_undiscussed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.attempt_id IS NULL OR NEW.refreshes IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM discussion d JOIN discussion_answer a ON a.discussion_id = d.id
        WHERE d.id = NEW.discussion_id AND d.person_id = NEW.person_id AND d.module = NEW.module AND d.edition = NEW.edition AND a.held)
    THEN RAISE EXCEPTION 'a pass names only a discussion of its own that both confirmed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER completion_discussed_by_both BEFORE INSERT ON completion
FOR EACH ROW
WHEN (NEW.discussion_id IS NOT NULL) EXECUTE FUNCTION refuse_undiscussed();

CREATE TRIGGER discussion_never_changes BEFORE UPDATE ON discussion
FOR EACH ROW EXECUTE FUNCTION refuse('a discussion never changes');
CREATE TRIGGER discussion_never_deleted BEFORE DELETE ON discussion
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('a discussion is never deleted');
CREATE TRIGGER discussion_no_truncate BEFORE TRUNCATE ON discussion
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a discussion is never deleted');

CREATE TRIGGER discussion_answer_never_changes BEFORE UPDATE ON discussion_answer
FOR EACH ROW EXECUTE FUNCTION refuse('what was said of a discussion never changes');
CREATE TRIGGER discussion_answer_never_deleted BEFORE DELETE ON discussion_answer
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('what was said of a discussion is never deleted');
CREATE TRIGGER discussion_answer_no_truncate BEFORE TRUNCATE ON discussion_answer
FOR EACH STATEMENT EXECUTE FUNCTION refuse('what was said of a discussion is never deleted');
