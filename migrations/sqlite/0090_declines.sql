-- That somebody declined to sign a version of an agreement. It can be signed all the same, at any time.
CREATE TABLE decline (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    agreement TEXT NOT NULL,
    version BIGINT NOT NULL,
    -- The day from which on they are asked again.
    asks_again_on DATE NOT NULL,
    declined_at DATETIME NOT NULL,
    FOREIGN KEY (agreement, version) REFERENCES agreement_version (agreement, number)
);
CREATE INDEX decline_by_person ON decline (person_id, agreement);
CREATE INDEX decline_by_time ON decline (declined_at, id);

-- Why, in the words of who declined. It decides nothing: it may be erased, and is never changed.
CREATE TABLE decline_reason (
    decline_id BLOB NOT NULL PRIMARY KEY REFERENCES decline (id),
    reason TEXT NOT NULL
);

CREATE TRIGGER decline_never_changes BEFORE UPDATE ON decline
BEGIN SELECT RAISE(ABORT, 'a decline never changes'); END;
CREATE TRIGGER decline_never_deleted BEFORE DELETE ON decline
WHEN NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'a decline is never deleted'); END;
CREATE TRIGGER decline_no_replace BEFORE INSERT ON decline
WHEN EXISTS (SELECT 1 FROM decline WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a decline never changes'); END;

CREATE TRIGGER decline_reason_never_changes BEFORE UPDATE ON decline_reason
BEGIN SELECT RAISE(ABORT, 'the reason of a decline never changes'); END;
CREATE TRIGGER decline_reason_no_replace BEFORE INSERT ON decline_reason
WHEN EXISTS (SELECT 1 FROM decline_reason WHERE decline_id = NEW.decline_id)
BEGIN SELECT RAISE(ABORT, 'the reason of a decline never changes'); END;

CREATE TRIGGER decline_revises_person_on_insert AFTER INSERT ON decline
BEGIN UPDATE person SET revision = revision + 1 WHERE id = NEW.person_id; END;
