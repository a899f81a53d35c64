-- The video, sound and captions that published versions play, cut into pieces so that a part of one can be read alone.
CREATE TABLE media (
    sha256 TEXT NOT NULL PRIMARY KEY,
    media_type TEXT NOT NULL,
    -- How many bytes it has.
    length BIGINT NOT NULL
);

CREATE TABLE media_chunk (
    sha256 TEXT NOT NULL REFERENCES media (sha256),
    -- Counted from 0. Every piece but the last has 256 KiB.
    place BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (sha256, place)
);

CREATE TRIGGER media_never_changes BEFORE UPDATE ON media
FOR EACH ROW EXECUTE FUNCTION refuse('what was published to be played never changes');
CREATE TRIGGER media_never_deleted BEFORE DELETE ON media
FOR EACH ROW EXECUTE FUNCTION refuse('what was published to be played is never deleted');
CREATE TRIGGER media_no_truncate BEFORE TRUNCATE ON media
FOR EACH STATEMENT EXECUTE FUNCTION refuse('what was published to be played is never deleted');

CREATE TRIGGER media_chunk_never_changes BEFORE UPDATE ON media_chunk
FOR EACH ROW EXECUTE FUNCTION refuse('what was published to be played never changes');
CREATE TRIGGER media_chunk_never_deleted BEFORE DELETE ON media_chunk
FOR EACH ROW EXECUTE FUNCTION refuse('what was published to be played is never deleted');
CREATE TRIGGER media_chunk_no_truncate BEFORE TRUNCATE ON media_chunk
FOR EACH STATEMENT EXECUTE FUNCTION refuse('what was published to be played is never deleted');
