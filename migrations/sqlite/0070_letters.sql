-- Letters: written in the transaction of what they tell, sent afterwards by whichever server gets to them first.
CREATE TABLE letter (
    id BLOB NOT NULL PRIMARY KEY,
    -- Such as way-in.
    kind TEXT NOT NULL,
    person_id BLOB NOT NULL REFERENCES person (id),
    -- Where it goes.
    address TEXT NOT NULL,
    -- What it tells, as JSON. It may hold a link, and is gone once the letter was sent or given up.
    about TEXT,
    -- The same however often it is sent, so that a mail server or a reader can tell that it is one.
    message_id TEXT NOT NULL UNIQUE,
    -- The letter that was given up and in whose place this one was written.
    instead_of BLOB UNIQUE,
    written_at DATETIME NOT NULL,
    written_by TEXT NOT NULL,
    -- From when on it would tell nobody anything any more, and is not sent.
    holds_until DATETIME NOT NULL,
    -- How often somebody has begun to send it.
    tries BIGINT NOT NULL,
    -- When it is tried next; while somebody sends it, when they must have been stopped. Null: not again.
    next_try_at DATETIME,
    -- When a mail server took it.
    sent_at DATETIME,
    -- When nobody tried any more.
    given_up_at DATETIME,
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
    id BLOB NOT NULL PRIMARY KEY,
    recorded_at DATETIME NOT NULL,
    recorded_by TEXT NOT NULL,
    ended_at DATETIME,
    ended_by TEXT,
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE UNIQUE INDEX letter_pause_open ON letter_pause (ended_at IS NULL) WHERE ended_at IS NULL;

CREATE TRIGGER letter_never_changes BEFORE UPDATE OF id, kind, person_id, address, message_id, instead_of, written_at, written_by, holds_until ON letter
BEGIN SELECT RAISE(ABORT, 'a letter never changes'); END;
CREATE TRIGGER letter_ends_once BEFORE UPDATE ON letter
WHEN OLD.sent_at IS NOT NULL OR OLD.given_up_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a letter is sent or given up once'); END;
CREATE TRIGGER letter_no_replace BEFORE INSERT ON letter
WHEN EXISTS (SELECT 1 FROM letter WHERE id = NEW.id OR message_id = NEW.message_id)
BEGIN SELECT RAISE(ABORT, 'a letter never changes'); END;

CREATE TRIGGER letter_pause_never_changes BEFORE UPDATE OF id, recorded_at, recorded_by ON letter_pause
BEGIN SELECT RAISE(ABORT, 'a pause of letters never changes'); END;
CREATE TRIGGER letter_pause_ends_once BEFORE UPDATE ON letter_pause
WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a pause of letters is ended once'); END;
CREATE TRIGGER letter_pause_never_deleted BEFORE DELETE ON letter_pause
BEGIN SELECT RAISE(ABORT, 'a pause of letters is never deleted'); END;
CREATE TRIGGER letter_pause_no_replace BEFORE INSERT ON letter_pause
WHEN EXISTS (SELECT 1 FROM letter_pause WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a pause of letters never changes'); END;
