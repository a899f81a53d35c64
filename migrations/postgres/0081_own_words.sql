-- What somebody took from a module that they passed, in their own words. It decides nothing, may be written anew, and is for them alone.
CREATE TABLE reflection (
    completion_id UUID NOT NULL PRIMARY KEY REFERENCES completion (id),
    text TEXT NOT NULL,
    written_at TIMESTAMPTZ NOT NULL
);

-- A private address at which somebody's calendar is. Only the digest of its secret, with the installation's key, is kept.
CREATE TABLE calendar_feed (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    digest TEXT NOT NULL UNIQUE,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL,
    -- When it was ended, or another took its place.
    ended_at TIMESTAMPTZ,
    ended_by TEXT,
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE INDEX calendar_feed_by_person ON calendar_feed (person_id);
CREATE UNIQUE INDEX calendar_feed_open ON calendar_feed (person_id) WHERE ended_at IS NULL;

CREATE TRIGGER calendar_feed_never_changes BEFORE UPDATE OF id, person_id, digest, recorded_at, recorded_by ON calendar_feed
FOR EACH ROW EXECUTE FUNCTION refuse('the address of a calendar never changes');
CREATE TRIGGER calendar_feed_ends_once BEFORE UPDATE ON calendar_feed
FOR EACH ROW
WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION refuse('the address of a calendar is ended once');
CREATE TRIGGER calendar_feed_never_deleted BEFORE DELETE ON calendar_feed
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('the address of a calendar is never deleted');
CREATE TRIGGER calendar_feed_no_truncate BEFORE TRUNCATE ON calendar_feed
FOR EACH STATEMENT EXECUTE FUNCTION refuse('the address of a calendar is never deleted');
