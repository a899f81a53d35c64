-- That somebody looked at what proves what another person has signed. Whoever is looked at sees how often, and who checks sees who did.
CREATE TABLE look (
    id UUID NOT NULL PRIMARY KEY,
    -- Whose record it is.
    person_id UUID NOT NULL REFERENCES person (id),
    -- Who looked.
    seen_by UUID NOT NULL REFERENCES person (id),
    -- At what, such as signature/ID.
    thing TEXT NOT NULL,
    looked_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX look_by_person ON look (person_id, looked_at);
CREATE INDEX look_by_looker ON look (seen_by, thing, looked_at);
CREATE INDEX look_by_time ON look (looked_at, id);

-- The register of signatures begins with the newest.
CREATE INDEX signature_by_time ON signature (signed_at, id);

CREATE TRIGGER look_never_changes BEFORE UPDATE ON look
FOR EACH ROW EXECUTE FUNCTION refuse('a look never changes');
CREATE TRIGGER look_never_deleted BEFORE DELETE ON look
FOR EACH ROW EXECUTE FUNCTION refuse('a look is never deleted');
CREATE TRIGGER look_no_truncate BEFORE TRUNCATE ON look
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a look is never deleted');
