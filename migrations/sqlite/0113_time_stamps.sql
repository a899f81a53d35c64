-- What authorities outside say of when they saw a head of the log (RFC 3161).
CREATE TABLE time_stamp (
    id BLOB NOT NULL PRIMARY KEY,
    -- Of which head.
    size BIGINT NOT NULL UNIQUE,
    sha256 TEXT NOT NULL,
    token BLOB NOT NULL,
    -- Whom it is from: the address that was asked.
    authority TEXT NOT NULL,
    recorded_at DATETIME NOT NULL
);
CREATE TRIGGER time_stamp_never_changes BEFORE UPDATE ON time_stamp
BEGIN SELECT RAISE(ABORT, 'a time stamp never changes'); END;
CREATE TRIGGER time_stamp_never_deleted BEFORE DELETE ON time_stamp
BEGIN SELECT RAISE(ABORT, 'a time stamp is never deleted'); END;
CREATE TRIGGER time_stamp_no_replace BEFORE INSERT ON time_stamp
WHEN EXISTS (SELECT 1 FROM time_stamp WHERE (id = NEW.id OR size = NEW.size))
BEGIN SELECT RAISE(ABORT, 'a time stamp never changes'); END;
