-- What witnesses outside cosigned of heads of the log (c2sp.org/tlog-witness).
CREATE TABLE cosignature (
    -- Of which head.
    size BIGINT NOT NULL,
    -- Whose it is, as their key is called.
    witness TEXT NOT NULL,
    -- The line of the signed note.
    line TEXT NOT NULL,
    cosigned_at TIMESTAMPTZ NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (witness, size)
);
CREATE INDEX cosignature_by_size ON cosignature (size);
CREATE TRIGGER cosignature_never_changes BEFORE UPDATE ON cosignature
FOR EACH ROW EXECUTE FUNCTION refuse('a cosignature never changes');
CREATE TRIGGER cosignature_never_deleted BEFORE DELETE ON cosignature
FOR EACH ROW EXECUTE FUNCTION refuse('a cosignature is never deleted');
CREATE TRIGGER cosignature_no_truncate BEFORE TRUNCATE ON cosignature
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a cosignature is never deleted');
