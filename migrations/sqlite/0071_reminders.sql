-- Of what somebody was reminded: planned together with the letter that tells it, or with why there is none. Each thing is planned once for each
-- day by which it is wanted, however often somebody looks and whoever is stopped.
CREATE TABLE reminder (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    -- What it is about: a module or an agreement.
    kind TEXT NOT NULL,
    slug TEXT NOT NULL,
    -- By when that was wanted.
    due_on DATE NOT NULL,
    -- Why it was told then, such as due-soon; and which of several times: so many days before, or the how manieth time after.
    occasion TEXT NOT NULL,
    turn BIGINT NOT NULL,
    -- On which day it was planned, and its place among what this person was told on that day: there is one letter a day.
    planned_on DATE NOT NULL,
    place BIGINT NOT NULL,
    planned_at DATETIME NOT NULL,
    planned_by TEXT NOT NULL,
    -- The letter, which is forgotten sooner. Null: none was written.
    letter_id BLOB,
    -- Why it is not told, such as no-address, and since when. Null: the letter tells it.
    suppressed TEXT,
    suppressed_at DATETIME,
    UNIQUE (person_id, kind, slug, due_on, occasion, turn),
    UNIQUE (person_id, planned_on, place),
    CHECK (letter_id IS NOT NULL OR suppressed IS NOT NULL),
    CHECK ((suppressed IS NULL) = (suppressed_at IS NULL))
);
CREATE INDEX reminder_by_day ON reminder (planned_on);
CREATE INDEX reminder_by_letter ON reminder (letter_id);

-- That a manager was told how many of their people are late: once a week, which is named by its Monday.
CREATE TABLE manager_digest (
    person_id BLOB NOT NULL REFERENCES person (id),
    week DATE NOT NULL,
    planned_at DATETIME NOT NULL,
    -- The letter, which is forgotten sooner. Null: they have no address.
    letter_id BLOB,
    PRIMARY KEY (person_id, week)
) WITHOUT ROWID;
CREATE INDEX manager_digest_by_week ON manager_digest (week);

-- While one of these is open, its person is not told early: of what is due soon and of what may be done again. Whoever has one of their letters
-- says so.
CREATE TABLE reminder_stop (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    stopped_at DATETIME NOT NULL,
    ended_at DATETIME
);
CREATE UNIQUE INDEX reminder_stop_open ON reminder_stop (person_id) WHERE ended_at IS NULL;
CREATE INDEX reminder_stop_by_person ON reminder_stop (person_id);

-- While one of these is open, nobody is reminded of anything by itself.
CREATE TABLE reminder_pause (
    id BLOB NOT NULL PRIMARY KEY,
    recorded_at DATETIME NOT NULL,
    recorded_by TEXT NOT NULL,
    ended_at DATETIME,
    ended_by TEXT,
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE UNIQUE INDEX reminder_pause_open ON reminder_pause (ended_at IS NULL) WHERE ended_at IS NULL;

CREATE TRIGGER reminder_never_changes BEFORE UPDATE OF id, person_id, kind, slug, due_on, occasion, turn, planned_on, place, planned_at, planned_by, letter_id ON reminder
BEGIN SELECT RAISE(ABORT, 'a reminder never changes'); END;
CREATE TRIGGER reminder_suppressed_once BEFORE UPDATE ON reminder
WHEN OLD.suppressed IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a reminder is suppressed once'); END;
CREATE TRIGGER reminder_no_replace BEFORE INSERT ON reminder
WHEN EXISTS (SELECT 1 FROM reminder WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a reminder never changes'); END;

CREATE TRIGGER reminder_pause_never_changes BEFORE UPDATE OF id, recorded_at, recorded_by ON reminder_pause
BEGIN SELECT RAISE(ABORT, 'a pause of reminders never changes'); END;
CREATE TRIGGER reminder_pause_ends_once BEFORE UPDATE ON reminder_pause
WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a pause of reminders is ended once'); END;
CREATE TRIGGER reminder_pause_never_deleted BEFORE DELETE ON reminder_pause
BEGIN SELECT RAISE(ABORT, 'a pause of reminders is never deleted'); END;
CREATE TRIGGER reminder_pause_no_replace BEFORE INSERT ON reminder_pause
WHEN EXISTS (SELECT 1 FROM reminder_pause WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a pause of reminders never changes'); END;

CREATE TRIGGER reminder_stop_never_changes BEFORE UPDATE OF id, person_id, stopped_at ON reminder_stop
BEGIN SELECT RAISE(ABORT, 'a stop of reminders never changes'); END;
CREATE TRIGGER reminder_stop_ends_once BEFORE UPDATE ON reminder_stop
WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a stop of reminders is ended once'); END;
CREATE TRIGGER reminder_stop_no_replace BEFORE INSERT ON reminder_stop
WHEN EXISTS (SELECT 1 FROM reminder_stop WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a stop of reminders never changes'); END;
