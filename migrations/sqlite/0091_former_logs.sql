-- The name that the log had until it was gone on with from an older copy: of its entries below `ends` what opens them follows from it.
CREATE TABLE log_former (
    ends BIGINT NOT NULL PRIMARY KEY,
    origin TEXT NOT NULL
) WITHOUT ROWID;

CREATE TRIGGER log_former_never_changes BEFORE UPDATE ON log_former
BEGIN SELECT RAISE(ABORT, 'the former name of a log never changes'); END;
CREATE TRIGGER log_former_never_deleted BEFORE DELETE ON log_former
BEGIN SELECT RAISE(ABORT, 'the former name of a log is never deleted'); END;
CREATE TRIGGER log_former_no_replace BEFORE INSERT ON log_former
WHEN EXISTS (SELECT 1 FROM log_former WHERE ends = NEW.ends)
BEGIN SELECT RAISE(ABORT, 'the former name of a log never changes'); END;
