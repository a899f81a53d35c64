-- Letters: written in the transaction of what they tell, sent afterwards by whichever server gets to them first.
CREATE TABLE letter (
    id UUID NOT NULL PRIMARY KEY,
    -- Such as way-in.
    kind TEXT NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    -- Where it goes.
    address TEXT NOT NULL,
    -- What it tells, as JSON. It may hold a link, and is gone once the letter was sent or given up.
    about TEXT,
    -- The same however often it is sent, so that a mail server or a reader can tell that it is one.
    message_id TEXT NOT NULL UNIQUE,
    -- The letter that was given up and in whose place this one was written.
    instead_of UUID UNIQUE,
    written_at TIMESTAMPTZ NOT NULL,
    written_by TEXT NOT NULL,
    -- From when on it would tell nobody anything any more, and is not sent.
    holds_until TIMESTAMPTZ NOT NULL,
    -- How often somebody has begun to send it.
    tries BIGINT NOT NULL,
    -- When it is tried next; while somebody sends it, when they must have been stopped. Null: not again.
    next_try_at TIMESTAMPTZ,
    -- When a mail server took it.
    sent_at TIMESTAMPTZ,
    -- When nobody tried any more.
    given_up_at TIMESTAMPTZ,
    -- What the mail server said last.
    fault TEXT,
    CHECK (sent_at IS NULL OR given_up_at IS NULL),
    CHECK ((next_try_at IS NULL) = (sent_at IS NOT NULL OR given_up_at IS NOT NULL)),
    CHECK ((about IS NULL) = (sent_at IS NOT NULL OR given_up_at IS NOT NULL))
);
CREATE INDEX letter_by_next_try ON letter (next_try_at);
CREATE INDEX letter_by_person ON letter (person_id, kind, written_at);
CREATE INDEX letter_by_time ON letter (written_at, id);

-- While one of these is open, no letter is sent.
CREATE TABLE letter_pause (
    id UUID NOT NULL PRIMARY KEY,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL,
    ended_at TIMESTAMPTZ,
    ended_by TEXT,
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE UNIQUE INDEX letter_pause_open ON letter_pause ((ended_at IS NULL)) WHERE ended_at IS NULL;

CREATE TRIGGER letter_never_changes BEFORE UPDATE OF id, kind, person_id, address, message_id, instead_of, written_at, written_by, holds_until ON letter
FOR EACH ROW EXECUTE FUNCTION refuse('a letter never changes');
CREATE TRIGGER letter_ends_once BEFORE UPDATE ON letter
FOR EACH ROW
WHEN (OLD.sent_at IS NOT NULL OR OLD.given_up_at IS NOT NULL) EXECUTE FUNCTION refuse('a letter is sent or given up once');

CREATE TRIGGER letter_pause_never_changes BEFORE UPDATE OF id, recorded_at, recorded_by ON letter_pause
FOR EACH ROW EXECUTE FUNCTION refuse('a pause of letters never changes');
CREATE TRIGGER letter_pause_ends_once BEFORE UPDATE ON letter_pause
FOR EACH ROW
WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION refuse('a pause of letters is ended once');
CREATE TRIGGER letter_pause_never_deleted BEFORE DELETE ON letter_pause
FOR EACH ROW EXECUTE FUNCTION refuse('a pause of letters is never deleted');
CREATE TRIGGER letter_pause_no_truncate BEFORE TRUNCATE ON letter_pause
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a pause of letters is never deleted');
