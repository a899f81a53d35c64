-- What authorities outside say of when they saw a head of the log (RFC 3161).
CREATE TABLE time_stamp (
    id UUID NOT NULL PRIMARY KEY,
    -- Of which head.
    size BIGINT NOT NULL UNIQUE,
    sha256 TEXT NOT NULL,
    token BYTEA NOT NULL,
    -- Whom it is from: the address that was asked.
    authority TEXT NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL
);
CREATE TRIGGER time_stamp_never_changes BEFORE UPDATE ON time_stamp
FOR EACH ROW EXECUTE FUNCTION refuse('a time stamp never changes');
CREATE TRIGGER time_stamp_never_deleted BEFORE DELETE ON time_stamp
FOR EACH ROW EXECUTE FUNCTION refuse('a time stamp is never deleted');
CREATE TRIGGER time_stamp_no_truncate BEFORE TRUNCATE ON time_stamp
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a time stamp is never deleted');
