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

CREATE TRIGGER media_append_only BEFORE UPDATE OR DELETE ON media
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER media_no_truncate BEFORE TRUNCATE ON media
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER media_chunk_append_only BEFORE UPDATE OR DELETE ON media_chunk
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER media_chunk_no_truncate BEFORE TRUNCATE ON media_chunk
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
