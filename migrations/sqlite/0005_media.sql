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
    bytes BLOB NOT NULL,
    PRIMARY KEY (sha256, place)
);

CREATE TRIGGER media_never_changes BEFORE UPDATE ON media
BEGIN SELECT RAISE(ABORT, 'what was published to be played never changes'); END;
CREATE TRIGGER media_never_deleted BEFORE DELETE ON media
BEGIN SELECT RAISE(ABORT, 'what was published to be played is never deleted'); END;
CREATE TRIGGER media_no_replace BEFORE INSERT ON media
WHEN EXISTS (SELECT 1 FROM media WHERE sha256 = NEW.sha256)
BEGIN SELECT RAISE(ABORT, 'what was published to be played never changes'); END;

CREATE TRIGGER media_chunk_never_changes BEFORE UPDATE ON media_chunk
BEGIN SELECT RAISE(ABORT, 'what was published to be played never changes'); END;
CREATE TRIGGER media_chunk_never_deleted BEFORE DELETE ON media_chunk
BEGIN SELECT RAISE(ABORT, 'what was published to be played is never deleted'); END;
CREATE TRIGGER media_chunk_no_replace BEFORE INSERT ON media_chunk
WHEN EXISTS (SELECT 1 FROM media_chunk WHERE (sha256 = NEW.sha256 AND place = NEW.place))
BEGIN SELECT RAISE(ABORT, 'what was published to be played never changes'); END;
