-- What witnesses outside cosigned of heads of the log (c2sp.org/tlog-witness).
CREATE TABLE cosignature (
    -- Of which head.
    size BIGINT NOT NULL,
    -- Whose it is, as their key is called.
    witness TEXT NOT NULL,
    -- The line of the signed note.
    line TEXT NOT NULL,
    cosigned_at DATETIME NOT NULL,
    recorded_at DATETIME NOT NULL,
    PRIMARY KEY (witness, size)
);
CREATE INDEX cosignature_by_size ON cosignature (size);
CREATE TRIGGER cosignature_never_changes BEFORE UPDATE ON cosignature
BEGIN SELECT RAISE(ABORT, 'a cosignature never changes'); END;
CREATE TRIGGER cosignature_never_deleted BEFORE DELETE ON cosignature
BEGIN SELECT RAISE(ABORT, 'a cosignature is never deleted'); END;
CREATE TRIGGER cosignature_no_replace BEFORE INSERT ON cosignature
WHEN EXISTS (SELECT 1 FROM cosignature WHERE (size = NEW.size AND witness = NEW.witness))
BEGIN SELECT RAISE(ABORT, 'a cosignature never changes'); END;
