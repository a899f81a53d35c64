-- What people learned elsewhere and wrote down themselves. Nobody checked it.
CREATE TABLE evidence (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    -- The number of the form that brought it: sent twice, it is added once.
    form_key BLOB NOT NULL,
    -- The day on which it was.
    done_on DATE NOT NULL,
    minutes BIGINT NOT NULL CHECK (minutes > 0),
    -- in-person, online, reading or other.
    how TEXT NOT NULL,
    -- Its file, by its digest, with its kind (pdf, png or jpeg) and its length. Null: it has none.
    sha256 TEXT CHECK (length(sha256) = 64),
    kind TEXT,
    length BIGINT,
    recorded_at DATETIME NOT NULL,
    recorded_by TEXT NOT NULL,
    -- When it was taken back.
    ended_at DATETIME,
    ended_by TEXT,
    UNIQUE (person_id, form_key),
    CHECK ((sha256 IS NULL) = (kind IS NULL)),
    CHECK ((sha256 IS NULL) = (length IS NULL)),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);

-- What it was, in the words of whose it is. They decide nothing.
CREATE TABLE evidence_words (
    evidence_id BLOB NOT NULL PRIMARY KEY REFERENCES evidence (id),
    title TEXT NOT NULL,
    provider TEXT NOT NULL
);

-- Its file, until it is taken back.
CREATE TABLE evidence_piece (
    evidence_id BLOB NOT NULL REFERENCES evidence (id),
    -- Counted from 0. Every piece but the last has 256 KiB.
    place BIGINT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (evidence_id, place)
);

CREATE TRIGGER evidence_never_changes BEFORE UPDATE OF id, person_id, form_key, done_on, minutes, how, sha256, kind, length, recorded_at, recorded_by ON evidence
BEGIN SELECT RAISE(ABORT, 'evidence never changes'); END;
CREATE TRIGGER evidence_ends_once BEFORE UPDATE ON evidence
WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'evidence is ended once'); END;
CREATE TRIGGER evidence_never_deleted BEFORE DELETE ON evidence
WHEN NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'evidence is never deleted'); END;
CREATE TRIGGER evidence_no_replace BEFORE INSERT ON evidence
WHEN EXISTS (SELECT 1 FROM evidence WHERE id = NEW.id OR (person_id = NEW.person_id AND form_key = NEW.form_key))
BEGIN SELECT RAISE(ABORT, 'evidence never changes'); END;

CREATE TRIGGER evidence_words_never_changes BEFORE UPDATE ON evidence_words
BEGIN SELECT RAISE(ABORT, 'the words of evidence never change'); END;
CREATE TRIGGER evidence_words_no_replace BEFORE INSERT ON evidence_words
WHEN EXISTS (SELECT 1 FROM evidence_words WHERE evidence_id = NEW.evidence_id)
BEGIN SELECT RAISE(ABORT, 'the words of evidence never change'); END;

CREATE TRIGGER evidence_piece_never_changes BEFORE UPDATE ON evidence_piece
BEGIN SELECT RAISE(ABORT, 'the file of evidence never changes'); END;
CREATE TRIGGER evidence_piece_no_replace BEFORE INSERT ON evidence_piece
WHEN EXISTS (SELECT 1 FROM evidence_piece WHERE evidence_id = NEW.evidence_id AND place = NEW.place)
BEGIN SELECT RAISE(ABORT, 'the file of evidence never changes'); END;
