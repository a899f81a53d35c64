-- How people come in who have no password yet, or come into a group by themselves.

-- What somebody types or scans on an induction day to come into a group. It is no secret from whoever is in the room, and stands here as it
-- is shown, so that it can be printed again.
CREATE TABLE join_code (
    id UUID NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    group_id UUID NOT NULL REFERENCES people_group (id),
    -- As whom those are here who begin with it; null: only who is here already can use it.
    audience TEXT,
    -- How many people it lets in.
    most BIGINT NOT NULL CHECK (most > 0),
    expires_at TIMESTAMPTZ NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL,
    ended_at TIMESTAMPTZ,
    ended_by TEXT,
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE INDEX join_code_by_group ON join_code (group_id, expires_at);

-- That somebody came into a group by a code.
CREATE TABLE join_code_use (
    code_id UUID NOT NULL REFERENCES join_code (id),
    person_id UUID NOT NULL REFERENCES person (id),
    used_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (code_id, person_id)
);
CREATE INDEX join_code_use_by_person ON join_code_use (person_id);

-- A link with which somebody chooses their password, once. Only its digest with the installation's key is kept.
CREATE TABLE way_in (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    digest TEXT NOT NULL UNIQUE,
    expires_at TIMESTAMPTZ NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL,
    -- When it was used, or another took its place.
    ended_at TIMESTAMPTZ,
    -- By whom: who it is for, when they have used it.
    ended_by TEXT,
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE INDEX way_in_by_person ON way_in (person_id);

CREATE TRIGGER join_code_never_changes BEFORE UPDATE OF id, code, group_id, audience, most, expires_at, recorded_at, recorded_by ON join_code
FOR EACH ROW EXECUTE FUNCTION refuse('a join code never changes');
CREATE TRIGGER join_code_ends_once BEFORE UPDATE ON join_code
FOR EACH ROW
WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION refuse('a join code is ended once');
CREATE TRIGGER join_code_never_deleted BEFORE DELETE ON join_code
FOR EACH ROW EXECUTE FUNCTION refuse('a join code is never deleted');
CREATE TRIGGER join_code_no_truncate BEFORE TRUNCATE ON join_code
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a join code is never deleted');

CREATE TRIGGER join_code_use_never_changes BEFORE UPDATE ON join_code_use
FOR EACH ROW EXECUTE FUNCTION refuse('the use of a join code never changes');
CREATE TRIGGER join_code_use_never_deleted BEFORE DELETE ON join_code_use
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('the use of a join code is never deleted');
CREATE TRIGGER join_code_use_no_truncate BEFORE TRUNCATE ON join_code_use
FOR EACH STATEMENT EXECUTE FUNCTION refuse('the use of a join code is never deleted');

CREATE TRIGGER way_in_never_changes BEFORE UPDATE OF id, person_id, digest, expires_at, recorded_at, recorded_by ON way_in
FOR EACH ROW EXECUTE FUNCTION refuse('a way in never changes');
CREATE TRIGGER way_in_ends_once BEFORE UPDATE ON way_in
FOR EACH ROW
WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION refuse('a way in is ended once');
CREATE TRIGGER way_in_never_deleted BEFORE DELETE ON way_in
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('a way in is never deleted');
CREATE TRIGGER way_in_no_truncate BEFORE TRUNCATE ON way_in
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a way in is never deleted');
