-- What whoever held a workshop gives afterwards to those who were there: words, a link, a file. It decides nothing.
CREATE TABLE workshop_resource (
    id UUID NOT NULL PRIMARY KEY,
    workshop_id UUID NOT NULL REFERENCES workshop (id),
    -- The number of the form that brought it: sent twice, it is given once.
    form_key UUID NOT NULL UNIQUE,
    title TEXT NOT NULL,
    -- Empty: there are none.
    words TEXT NOT NULL,
    link TEXT,
    -- Its file, by its digest, with its kind (pdf, png or jpeg) and its length. Null: it has none.
    sha256 TEXT CHECK (length(sha256) = 64),
    kind TEXT,
    length BIGINT,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL,
    -- When it was taken back.
    ended_at TIMESTAMPTZ,
    ended_by TEXT,
    CHECK ((sha256 IS NULL) = (kind IS NULL)),
    CHECK ((sha256 IS NULL) = (length IS NULL)),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE INDEX workshop_resource_by_workshop ON workshop_resource (workshop_id);

-- Its file, until it is taken back.
CREATE TABLE workshop_resource_piece (
    resource_id UUID NOT NULL REFERENCES workshop_resource (id),
    -- Counted from 0. Every piece but the last has 256 KiB.
    place BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (resource_id, place)
);

CREATE TRIGGER workshop_resource_never_changes BEFORE UPDATE OF id, workshop_id, form_key, title, words, link, sha256, kind, length, recorded_at, recorded_by ON workshop_resource
FOR EACH ROW EXECUTE FUNCTION refuse('a resource never changes');
CREATE TRIGGER workshop_resource_ends_once BEFORE UPDATE ON workshop_resource
FOR EACH ROW
WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION refuse('a resource is ended once');
CREATE TRIGGER workshop_resource_never_deleted BEFORE DELETE ON workshop_resource
FOR EACH ROW EXECUTE FUNCTION refuse('a resource is never deleted');
CREATE TRIGGER workshop_resource_no_truncate BEFORE TRUNCATE ON workshop_resource
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a resource is never deleted');

CREATE TRIGGER workshop_resource_piece_never_changes BEFORE UPDATE ON workshop_resource_piece
FOR EACH ROW EXECUTE FUNCTION refuse('the file of a resource never changes');
