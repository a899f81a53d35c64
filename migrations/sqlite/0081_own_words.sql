-- What somebody took from a module that they passed, in their own words. It decides nothing, may be written anew, and is for them alone.
CREATE TABLE reflection (
    completion_id BLOB NOT NULL PRIMARY KEY REFERENCES completion (id),
    text TEXT NOT NULL,
    written_at DATETIME NOT NULL
);

-- A private address at which somebody's calendar is. Only the digest of its secret, with the installation's key, is kept.
CREATE TABLE calendar_feed (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    digest TEXT NOT NULL UNIQUE,
    recorded_at DATETIME NOT NULL,
    recorded_by TEXT NOT NULL,
    -- When it was ended, or another took its place.
    ended_at DATETIME,
    ended_by TEXT,
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE INDEX calendar_feed_by_person ON calendar_feed (person_id);
CREATE UNIQUE INDEX calendar_feed_open ON calendar_feed (person_id) WHERE ended_at IS NULL;

CREATE TRIGGER calendar_feed_never_changes BEFORE UPDATE OF id, person_id, digest, recorded_at, recorded_by ON calendar_feed
BEGIN SELECT RAISE(ABORT, 'the address of a calendar never changes'); END;
CREATE TRIGGER calendar_feed_ends_once BEFORE UPDATE ON calendar_feed
WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'the address of a calendar is ended once'); END;
CREATE TRIGGER calendar_feed_never_deleted BEFORE DELETE ON calendar_feed
WHEN NOT EXISTS (SELECT 1 FROM erased_person e WHERE e.person_id = OLD.person_id)
BEGIN SELECT RAISE(ABORT, 'the address of a calendar is never deleted'); END;
CREATE TRIGGER calendar_feed_no_replace BEFORE INSERT ON calendar_feed
WHEN EXISTS (SELECT 1 FROM calendar_feed WHERE id = NEW.id OR digest = NEW.digest)
BEGIN SELECT RAISE(ABORT, 'the address of a calendar never changes'); END;
