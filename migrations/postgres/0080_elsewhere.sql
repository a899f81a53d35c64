-- What people learned elsewhere and wrote down themselves. Nobody checked it.
CREATE TABLE evidence (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    -- The number of the form that brought it: sent twice, it is added once.
    form_key UUID NOT NULL,
    -- The day on which it was.
    done_on DATE NOT NULL,
    minutes BIGINT NOT NULL CHECK (minutes > 0),
    -- in-person, online, reading or other.
    how TEXT NOT NULL,
    -- Its file, by its digest, with its kind (pdf, png or jpeg) and its length. Null: it has none.
    sha256 TEXT CHECK (length(sha256) = 64),
    kind TEXT,
    length BIGINT,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL,
    -- When it was taken back.
    ended_at TIMESTAMPTZ,
    ended_by TEXT,
    UNIQUE (person_id, form_key),
    CHECK ((sha256 IS NULL) = (kind IS NULL)),
    CHECK ((sha256 IS NULL) = (length IS NULL)),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);

-- What it was, in the words of whose it is. They decide nothing.
CREATE TABLE evidence_words (
    evidence_id UUID NOT NULL PRIMARY KEY REFERENCES evidence (id),
    title TEXT NOT NULL,
    provider TEXT NOT NULL
);

-- Its file, until it is taken back.
CREATE TABLE evidence_piece (
    evidence_id UUID NOT NULL REFERENCES evidence (id),
    -- Counted from 0. Every piece but the last has 256 KiB.
    place BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (evidence_id, place)
);

CREATE TRIGGER evidence_never_changes BEFORE UPDATE OF id, person_id, form_key, done_on, minutes, how, sha256, kind, length, recorded_at, recorded_by ON evidence
FOR EACH ROW EXECUTE FUNCTION refuse('evidence never changes');
CREATE TRIGGER evidence_ends_once BEFORE UPDATE ON evidence
FOR EACH ROW
WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION refuse('evidence is ended once');
CREATE TRIGGER evidence_never_deleted BEFORE DELETE ON evidence
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('evidence is never deleted');
CREATE TRIGGER evidence_no_truncate BEFORE TRUNCATE ON evidence
FOR EACH STATEMENT EXECUTE FUNCTION refuse('evidence is never deleted');

CREATE TRIGGER evidence_words_never_changes BEFORE UPDATE ON evidence_words
FOR EACH ROW EXECUTE FUNCTION refuse('the words of evidence never change');

CREATE TRIGGER evidence_piece_never_changes BEFORE UPDATE ON evidence_piece
FOR EACH ROW EXECUTE FUNCTION refuse('the file of evidence never changes');
