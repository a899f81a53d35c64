-- The signed log. Its one writer is the room `log` of the engine, which writes all of an entry in one transaction with the rows that it
-- is evidence of; so no table here refers to another: while the head is held, nothing else is asked.
CREATE TABLE log_head (
    -- There is one.
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    -- The name of the log. Only what goes on from an older copy has another, with an entry of its own.
    origin TEXT NOT NULL,
    -- The public half of the key that signs it. Another one comes with an entry of its own.
    public_key TEXT NOT NULL,
    -- How many leaves it has.
    size BIGINT NOT NULL,
    -- The roots of its complete subtrees, largest first, each in 64 hexadecimal digits.
    frontier TEXT NOT NULL,
    -- When the last leaf was appended, in seconds since 1970. It never goes back.
    appended_at BIGINT NOT NULL,
    -- What the clock said then, or what somebody has said since that it may say.
    clock_at BIGINT NOT NULL
-- It changes with each act: room beside it keeps its new versions on its page and out of indexes.
) WITH (fillfactor = 10);

CREATE TABLE log_leaf (
    -- Counted from 0, without a gap.
    number BIGINT NOT NULL PRIMARY KEY,
    -- The very bytes that its hash is of.
    leaf TEXT NOT NULL,
    hash TEXT NOT NULL
);

-- 256 hashes of one level, once all of them are there: of leaves on level 0, of full tiles of the level below on the others.
CREATE TABLE log_tile (
    level BIGINT NOT NULL,
    -- Counted from 0.
    place BIGINT NOT NULL,
    hashes TEXT NOT NULL,
    -- Of the 256 together.
    root TEXT NOT NULL,
    PRIMARY KEY (level, place)
);

-- The signed heads: one for each time that something was appended.
CREATE TABLE log_checkpoint (
    size BIGINT NOT NULL PRIMARY KEY,
    root TEXT NOT NULL,
    note TEXT NOT NULL
);

-- What a leaf says. It may be deleted, and is never changed.
CREATE TABLE log_envelope (
    number BIGINT NOT NULL PRIMARY KEY,
    envelope TEXT NOT NULL,
    -- Whom it is about; their key opens it. Null: nobody.
    person_id UUID,
    -- What opens it, where it is about nobody.
    salt TEXT,
    CHECK ((person_id IS NULL) <> (salt IS NULL))
);
CREATE INDEX log_envelope_by_person ON log_envelope (person_id);

-- What stands apart from what a leaf says, each with what opens it. It may be deleted, and is never changed.
CREATE TABLE log_part (
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    salt TEXT NOT NULL CHECK (length(salt) = 64),
    part TEXT NOT NULL,
    PRIMARY KEY (number, kind)
);

-- Of which rows a leaf is evidence: their table (with /end for how they ended) and id. It goes with the envelope.
CREATE TABLE log_row (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE INDEX log_row_by_number ON log_row (number);

-- What opens every leaf about somebody. Deleting it closes them for ever.
CREATE TABLE person_key (
    person_id UUID NOT NULL PRIMARY KEY,
    secret TEXT NOT NULL CHECK (length(secret) = 64)
);

CREATE TRIGGER log_head_never_goes_back BEFORE UPDATE ON log_head
FOR EACH ROW WHEN (NEW.id <> OLD.id OR NEW.size <= OLD.size
    OR NEW.appended_at < OLD.appended_at OR ((NEW.public_key <> OLD.public_key OR NEW.origin <> OLD.origin) AND NEW.size <> OLD.size + 1)) EXECUTE FUNCTION refuse('the head of the log never goes back');
CREATE TRIGGER log_head_never_deleted BEFORE DELETE ON log_head
FOR EACH ROW EXECUTE FUNCTION refuse('the head of the log is never deleted');
CREATE TRIGGER log_head_no_truncate BEFORE TRUNCATE ON log_head
FOR EACH STATEMENT EXECUTE FUNCTION refuse('the head of the log is never deleted');

CREATE TRIGGER log_leaf_never_changes BEFORE UPDATE ON log_leaf
FOR EACH ROW EXECUTE FUNCTION refuse('a leaf of the log never changes');
CREATE TRIGGER log_leaf_never_deleted BEFORE DELETE ON log_leaf
FOR EACH ROW EXECUTE FUNCTION refuse('a leaf of the log is never deleted');
CREATE TRIGGER log_leaf_no_truncate BEFORE TRUNCATE ON log_leaf
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a leaf of the log is never deleted');

CREATE TRIGGER log_tile_never_changes BEFORE UPDATE ON log_tile
FOR EACH ROW EXECUTE FUNCTION refuse('a tile of the log never changes');
CREATE TRIGGER log_tile_never_deleted BEFORE DELETE ON log_tile
FOR EACH ROW EXECUTE FUNCTION refuse('a tile of the log is never deleted');
CREATE TRIGGER log_tile_no_truncate BEFORE TRUNCATE ON log_tile
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a tile of the log is never deleted');

CREATE TRIGGER log_checkpoint_never_changes BEFORE UPDATE ON log_checkpoint
FOR EACH ROW EXECUTE FUNCTION refuse('a checkpoint of the log never changes');
CREATE TRIGGER log_checkpoint_never_deleted BEFORE DELETE ON log_checkpoint
FOR EACH ROW EXECUTE FUNCTION refuse('a checkpoint of the log is never deleted');
CREATE TRIGGER log_checkpoint_no_truncate BEFORE TRUNCATE ON log_checkpoint
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a checkpoint of the log is never deleted');

CREATE TRIGGER log_envelope_never_changes BEFORE UPDATE ON log_envelope
FOR EACH ROW EXECUTE FUNCTION refuse('what a leaf says never changes');

CREATE TRIGGER log_part_never_changes BEFORE UPDATE ON log_part
FOR EACH ROW EXECUTE FUNCTION refuse('a part of what a leaf says never changes');

CREATE TRIGGER log_row_never_changes BEFORE UPDATE ON log_row
FOR EACH ROW EXECUTE FUNCTION refuse('what a leaf is evidence of never changes');

CREATE TRIGGER person_key_never_changes BEFORE UPDATE ON person_key
FOR EACH ROW EXECUTE FUNCTION refuse('the key of a person never changes');
