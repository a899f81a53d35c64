-- The name that the log had until it was gone on with from an older copy: of its entries below `ends` what opens them follows from it.
CREATE TABLE log_former (
    ends BIGINT NOT NULL PRIMARY KEY,
    origin TEXT NOT NULL
);

CREATE TRIGGER log_former_never_changes BEFORE UPDATE ON log_former
FOR EACH ROW EXECUTE FUNCTION refuse('the former name of a log never changes');
CREATE TRIGGER log_former_never_deleted BEFORE DELETE ON log_former
FOR EACH ROW EXECUTE FUNCTION refuse('the former name of a log is never deleted');
CREATE TRIGGER log_former_no_truncate BEFORE TRUNCATE ON log_former
FOR EACH STATEMENT EXECUTE FUNCTION refuse('the former name of a log is never deleted');
