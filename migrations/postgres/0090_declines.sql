-- That somebody declined to sign a version of an agreement. It can be signed all the same, at any time.
CREATE TABLE decline (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    agreement TEXT NOT NULL,
    version BIGINT NOT NULL,
    -- The day from which on they are asked again.
    asks_again_on DATE NOT NULL,
    declined_at TIMESTAMPTZ NOT NULL,
    FOREIGN KEY (agreement, version) REFERENCES agreement_version (agreement, number)
);
CREATE INDEX decline_by_person ON decline (person_id, agreement);
CREATE INDEX decline_by_time ON decline (declined_at, id);

-- Why, in the words of who declined. It decides nothing: it may be erased, and is never changed.
CREATE TABLE decline_reason (
    decline_id UUID NOT NULL PRIMARY KEY REFERENCES decline (id),
    reason TEXT NOT NULL
);

CREATE TRIGGER decline_never_changes BEFORE UPDATE ON decline
FOR EACH ROW EXECUTE FUNCTION refuse('a decline never changes');
CREATE TRIGGER decline_never_deleted BEFORE DELETE ON decline
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('a decline is never deleted');
CREATE TRIGGER decline_no_truncate BEFORE TRUNCATE ON decline
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a decline is never deleted');

CREATE TRIGGER decline_reason_never_changes BEFORE UPDATE ON decline_reason
FOR EACH ROW EXECUTE FUNCTION refuse('the reason of a decline never changes');

CREATE TRIGGER decline_revises_person AFTER INSERT ON decline
FOR EACH ROW EXECUTE FUNCTION revise_person();
