-- The step of time of the last code that was taken: none is taken twice, nor an older one after it.
ALTER TABLE second_factor ADD COLUMN last_step BIGINT;
-- How many codes were wrong since one was right last, on devices that were not known and on those that were: nobody tries for ever.
ALTER TABLE second_factor ADD COLUMN guesses BIGINT NOT NULL DEFAULT 0;
ALTER TABLE second_factor ADD COLUMN guesses_known BIGINT NOT NULL DEFAULT 0;
-- One at a time, whether or not it was confirmed.
CREATE UNIQUE INDEX second_factor_open ON second_factor (person_id) WHERE ended_at IS NULL;

-- What somebody shows once in place of a code, when their phone is gone. They go with their second factor, or when others are made.
CREATE TABLE recovery_code (
    -- With the installation's key.
    digest TEXT NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    factor_id BLOB NOT NULL REFERENCES second_factor (id),
    used_at DATETIME
);
CREATE INDEX recovery_code_by_person ON recovery_code (person_id);
CREATE INDEX recovery_code_by_factor ON recovery_code (factor_id);

CREATE TRIGGER second_factor_step_grows BEFORE UPDATE OF last_step ON second_factor
WHEN OLD.last_step IS NOT NULL AND (NEW.last_step IS NULL OR NEW.last_step <= OLD.last_step)
BEGIN SELECT RAISE(ABORT, 'a code is never taken twice'); END;

CREATE TRIGGER recovery_code_never_changes BEFORE UPDATE OF digest, person_id, factor_id ON recovery_code
BEGIN SELECT RAISE(ABORT, 'a recovery code never changes'); END;
CREATE TRIGGER recovery_code_used_once BEFORE UPDATE ON recovery_code
WHEN OLD.used_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a recovery code is never used twice'); END;
CREATE TRIGGER recovery_code_no_replace BEFORE INSERT ON recovery_code
WHEN EXISTS (SELECT 1 FROM recovery_code WHERE digest = NEW.digest)
BEGIN SELECT RAISE(ABORT, 'a recovery code never changes'); END;
