-- People who came from a file of another system: that they did, what of it is still to be written, and what an undoing needs.

-- That a file was imported, and by whom; once, that what it began was ended.
CREATE TABLE roster_import (
    id BLOB NOT NULL PRIMARY KEY,
    -- Counted from 1.
    number BIGINT NOT NULL UNIQUE,
    -- Of the file, in 64 hexadecimal digits.
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    -- How many people began with it, and how many others it changed.
    began BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    recorded_at DATETIME NOT NULL,
    recorded_by TEXT NOT NULL,
    ended_at DATETIME,
    ended_by TEXT,
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);

-- That somebody's name, address or other identity was set anew, and by whom; never what it is.
CREATE TABLE detail_set (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    recorded_at DATETIME NOT NULL,
    recorded_by TEXT NOT NULL
);
CREATE INDEX detail_set_by_person ON detail_set (person_id);

-- Lines that are still to be written. An import is decided once its row in roster_import is there; until then they count for nothing.
CREATE TABLE roster_line (
    import_id BLOB NOT NULL,
    line BIGINT NOT NULL,
    work TEXT NOT NULL,
    PRIMARY KEY (import_id, line)
) WITHOUT ROWID;

-- What the last import has done, line by line, for whoever undoes it.
CREATE TABLE roster_done (
    import_id BLOB NOT NULL,
    line BIGINT NOT NULL,
    person_id BLOB NOT NULL,
    did TEXT NOT NULL,
    PRIMARY KEY (import_id, line)
) WITHOUT ROWID;

CREATE TRIGGER roster_import_never_changes BEFORE UPDATE OF id, number, sha256, began, changed, recorded_at, recorded_by ON roster_import
BEGIN SELECT RAISE(ABORT, 'an import never changes'); END;
CREATE TRIGGER roster_import_ends_once BEFORE UPDATE ON roster_import
WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an import is ended once'); END;
CREATE TRIGGER roster_import_never_deleted BEFORE DELETE ON roster_import
BEGIN SELECT RAISE(ABORT, 'an import is never deleted'); END;
CREATE TRIGGER roster_import_no_replace BEFORE INSERT ON roster_import
WHEN EXISTS (SELECT 1 FROM roster_import WHERE id = NEW.id OR number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'an import never changes'); END;

CREATE TRIGGER detail_set_never_changes BEFORE UPDATE ON detail_set
BEGIN SELECT RAISE(ABORT, 'that details were set never changes'); END;
CREATE TRIGGER detail_set_never_deleted BEFORE DELETE ON detail_set
BEGIN SELECT RAISE(ABORT, 'that details were set is never deleted'); END;
CREATE TRIGGER detail_set_no_replace BEFORE INSERT ON detail_set
WHEN EXISTS (SELECT 1 FROM detail_set WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'that details were set never changes'); END;
