-- People who came from a file of another system: that they did, what of it is still to be written, and what an undoing needs.

-- That a file was imported, and by whom; once, that what it began was ended.
CREATE TABLE roster_import (
    id UUID NOT NULL PRIMARY KEY,
    -- Counted from 1.
    number BIGINT NOT NULL UNIQUE,
    -- Of the file, in 64 hexadecimal digits.
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    -- How many people began with it, and how many others it changed.
    began BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL,
    ended_at TIMESTAMPTZ,
    ended_by TEXT,
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);

-- That somebody's name, address or other identity was set anew, and by whom; never what it is.
CREATE TABLE detail_set (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL
);
CREATE INDEX detail_set_by_person ON detail_set (person_id);

-- Lines that are still to be written. An import is decided once its row in roster_import is there; until then they count for nothing.
CREATE TABLE roster_line (
    import_id UUID NOT NULL,
    line BIGINT NOT NULL,
    work TEXT NOT NULL,
    PRIMARY KEY (import_id, line)
);

-- What the last import has done, line by line, for whoever undoes it.
CREATE TABLE roster_done (
    import_id UUID NOT NULL,
    line BIGINT NOT NULL,
    person_id UUID NOT NULL,
    did TEXT NOT NULL,
    PRIMARY KEY (import_id, line)
);

CREATE TRIGGER roster_import_never_changes BEFORE UPDATE OF id, number, sha256, began, changed, recorded_at, recorded_by ON roster_import
FOR EACH ROW EXECUTE FUNCTION refuse('an import never changes');
CREATE TRIGGER roster_import_ends_once BEFORE UPDATE ON roster_import
FOR EACH ROW
WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION refuse('an import is ended once');
CREATE TRIGGER roster_import_never_deleted BEFORE DELETE ON roster_import
FOR EACH ROW EXECUTE FUNCTION refuse('an import is never deleted');
CREATE TRIGGER roster_import_no_truncate BEFORE TRUNCATE ON roster_import
FOR EACH STATEMENT EXECUTE FUNCTION refuse('an import is never deleted');

CREATE TRIGGER detail_set_never_changes BEFORE UPDATE ON detail_set
FOR EACH ROW EXECUTE FUNCTION refuse('that details were set never changes');
CREATE TRIGGER detail_set_never_deleted BEFORE DELETE ON detail_set
FOR EACH ROW EXECUTE FUNCTION refuse('that details were set is never deleted');
CREATE TRIGGER detail_set_no_truncate BEFORE TRUNCATE ON detail_set
FOR EACH STATEMENT EXECUTE FUNCTION refuse('that details were set is never deleted');
