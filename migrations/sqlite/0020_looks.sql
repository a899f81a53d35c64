-- That somebody looked at what proves what another person has signed. Whoever is looked at sees how often, and who checks sees who did.
CREATE TABLE look (
    id BLOB NOT NULL PRIMARY KEY,
    -- Whose record it is.
    person_id BLOB NOT NULL REFERENCES person (id),
    -- Who looked.
    seen_by BLOB NOT NULL REFERENCES person (id),
    -- At what, such as signature/ID.
    thing TEXT NOT NULL,
    looked_at DATETIME NOT NULL
);
CREATE INDEX look_by_person ON look (person_id, looked_at);
CREATE INDEX look_by_looker ON look (seen_by, thing, looked_at);
CREATE INDEX look_by_time ON look (looked_at, id);

-- The register of signatures begins with the newest.
CREATE INDEX signature_by_time ON signature (signed_at, id);

CREATE TRIGGER look_never_changes BEFORE UPDATE ON look
BEGIN SELECT RAISE(ABORT, 'a look never changes'); END;
CREATE TRIGGER look_never_deleted BEFORE DELETE ON look
BEGIN SELECT RAISE(ABORT, 'a look is never deleted'); END;
CREATE TRIGGER look_no_replace BEFORE INSERT ON look
WHEN EXISTS (SELECT 1 FROM look WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a look never changes'); END;
