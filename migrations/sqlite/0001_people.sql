-- Somebody who is or was here. What is about them and decides nothing stands in tables of its own, from which it can be
-- erased. Dated facts hold from begins_on and, once they have ended, before ends_before.
CREATE TABLE person (
    id BLOB NOT NULL PRIMARY KEY,
    -- Counted from 1: what is kept in memory for everybody is kept by it.
    number BIGINT NOT NULL UNIQUE,
    -- Raised with each fact about this person.
    revision BIGINT NOT NULL,
    recorded_at DATETIME NOT NULL,
    recorded_by TEXT NOT NULL
) WITHOUT ROWID;

-- What changes and can be erased.
CREATE TABLE person_detail (
    person_id BLOB NOT NULL PRIMARY KEY REFERENCES person (id),
    name TEXT NOT NULL,
    -- What people are put in order by: the name without accents, in small letters.
    name_key TEXT NOT NULL,
    email TEXT UNIQUE,
    -- What another system of the provider knows them by.
    external_id TEXT UNIQUE
);
CREATE INDEX person_detail_by_name ON person_detail (name_key, person_id);

-- That a password was set, and by whom; never what it is. Its id is what whoever showed it is known to have shown.
CREATE TABLE password_set (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    recorded_at DATETIME NOT NULL,
    recorded_by TEXT NOT NULL
);
CREATE INDEX password_set_by_person ON password_set (person_id);

-- The password that counts. Not everybody has one.
CREATE TABLE password (
    person_id BLOB NOT NULL PRIMARY KEY REFERENCES person (id),
    set_id BLOB NOT NULL UNIQUE REFERENCES password_set (id),
    -- The PHC string of Argon2id.
    phc TEXT NOT NULL
);

-- What somebody shows besides a password. It counts from confirmed_at on, and once it has ended its secret is gone.
CREATE TABLE second_factor (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    -- Such as totp.
    kind TEXT NOT NULL,
    -- Sealed with the installation's key.
    secret TEXT,
    recorded_at DATETIME NOT NULL,
    recorded_by TEXT NOT NULL,
    confirmed_at DATETIME,
    ended_at DATETIME,
    ended_by TEXT,
    CHECK ((ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (secret IS NOT NULL))
);
CREATE INDEX second_factor_by_person ON second_factor (person_id);

-- As whom somebody is known to a sign-in of another organisation.
CREATE TABLE identity (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    person_id BLOB NOT NULL REFERENCES person (id),
    -- By what they were found the first time: email or external_id.
    found_through TEXT NOT NULL,
    recorded_at DATETIME NOT NULL,
    -- When they took it away themselves: it stays away until an administrator allows it again.
    ended_at DATETIME,
    CHECK (found_through IN ('email', 'external_id')),
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX identity_by_person ON identity (person_id);

-- From when to when somebody is here: began, left, came back.
CREATE TABLE stay (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    begins_on DATE NOT NULL,
    recorded_at DATETIME NOT NULL,
    recorded_by TEXT NOT NULL,
    ends_before DATE,
    end_recorded_at DATETIME,
    end_recorded_by TEXT,
    CHECK (ends_before >= begins_on),
    CHECK ((ends_before IS NULL) = (end_recorded_at IS NULL) AND (ends_before IS NULL) = (end_recorded_by IS NULL))
);
CREATE INDEX stay_by_person ON stay (person_id);
CREATE UNIQUE INDEX stay_open ON stay (person_id) WHERE ends_before IS NULL;

-- As whom they are here: what is written for that audience is for them. Which audiences there are is published.
CREATE TABLE in_audience (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    audience TEXT NOT NULL
        CHECK (audience GLOB '[a-z0-9]*' AND audience NOT GLOB '*[^a-z0-9-]*' AND audience NOT GLOB '*-' AND length(audience) <= 64),
    begins_on DATE NOT NULL,
    recorded_at DATETIME NOT NULL,
    recorded_by TEXT NOT NULL,
    ends_before DATE,
    end_recorded_at DATETIME,
    end_recorded_by TEXT,
    CHECK (ends_before >= begins_on),
    CHECK ((ends_before IS NULL) = (end_recorded_at IS NULL) AND (ends_before IS NULL) = (end_recorded_by IS NULL))
);
CREATE INDEX in_audience_by_person ON in_audience (person_id);
CREATE UNIQUE INDEX in_audience_open ON in_audience (person_id, audience) WHERE ends_before IS NULL;

-- A group is known by its id; what it is called and where it stands in the tree are facts of its own.
CREATE TABLE people_group (
    id BLOB NOT NULL PRIMARY KEY,
    -- Counted from 1.
    number BIGINT NOT NULL UNIQUE,
    recorded_at DATETIME NOT NULL,
    recorded_by TEXT NOT NULL
);

-- A group made, moved, renamed, ended: its place in the tree of organisation, site, programme, cohort and employer.
CREATE TABLE group_place (
    id BLOB NOT NULL PRIMARY KEY,
    group_id BLOB NOT NULL REFERENCES people_group (id),
    parent_id BLOB REFERENCES people_group (id),
    name TEXT NOT NULL,
    begins_on DATE NOT NULL,
    recorded_at DATETIME NOT NULL,
    recorded_by TEXT NOT NULL,
    ends_before DATE,
    end_recorded_at DATETIME,
    end_recorded_by TEXT,
    CHECK (ends_before >= begins_on),
    CHECK ((ends_before IS NULL) = (end_recorded_at IS NULL) AND (ends_before IS NULL) = (end_recorded_by IS NULL))
);
CREATE INDEX group_place_by_parent ON group_place (parent_id);
CREATE INDEX group_place_by_group ON group_place (group_id);
CREATE UNIQUE INDEX group_place_open ON group_place (group_id) WHERE ends_before IS NULL;

CREATE TABLE membership (
    id BLOB NOT NULL PRIMARY KEY,
    group_id BLOB NOT NULL REFERENCES people_group (id),
    person_id BLOB NOT NULL REFERENCES person (id),
    begins_on DATE NOT NULL,
    recorded_at DATETIME NOT NULL,
    recorded_by TEXT NOT NULL,
    ends_before DATE,
    end_recorded_at DATETIME,
    end_recorded_by TEXT,
    CHECK (ends_before >= begins_on),
    CHECK ((ends_before IS NULL) = (end_recorded_at IS NULL) AND (ends_before IS NULL) = (end_recorded_by IS NULL))
);
CREATE INDEX membership_by_person ON membership (person_id);
CREATE INDEX membership_by_group ON membership (group_id);
CREATE UNIQUE INDEX membership_open ON membership (group_id, person_id) WHERE ends_before IS NULL;

-- What somebody may do, and for whom.
CREATE TABLE duty (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    role TEXT NOT NULL,
    -- Over which group and those below it; null is everywhere.
    group_id BLOB REFERENCES people_group (id),
    begins_on DATE NOT NULL,
    recorded_at DATETIME NOT NULL,
    recorded_by TEXT NOT NULL,
    ends_before DATE,
    end_recorded_at DATETIME,
    end_recorded_by TEXT,
    CHECK (ends_before >= begins_on),
    CHECK ((ends_before IS NULL) = (end_recorded_at IS NULL) AND (ends_before IS NULL) = (end_recorded_by IS NULL))
);
CREATE INDEX duty_by_person ON duty (person_id);
CREATE INDEX duty_by_group ON duty (group_id);

-- What a program shows in place of a password; only its digest with the installation's key is kept. It acts for a person, or has a
-- duty of its own.
CREATE TABLE token (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    person_id BLOB REFERENCES person (id),
    role TEXT,
    -- Over which group and those below it; null is everywhere.
    group_id BLOB REFERENCES people_group (id),
    recorded_at DATETIME NOT NULL,
    recorded_by TEXT NOT NULL,
    ended_at DATETIME,
    ended_by TEXT,
    CHECK ((person_id IS NULL) <> (role IS NULL) AND (group_id IS NULL OR role IS NOT NULL)),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE INDEX token_by_person ON token (person_id);
CREATE INDEX token_by_group ON token (group_id);

-- Raised with each change of what is true for everybody, so that what a server keeps in memory can be told to be old.
CREATE TABLE revision (
    name TEXT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL
);

INSERT INTO revision (name, number) VALUES ('organised', 0), ('published', 0);

-- The id of a session is a secret of the browser's; only its SHA-256 is kept. Without row ids here and below, an index is never worse than
-- reading the whole table, whatever ANALYZE has found while it was small.
CREATE TABLE session (
    id_sha256 TEXT NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    data TEXT NOT NULL,
    expires_at DATETIME NOT NULL,
    begun_at DATETIME NOT NULL,
    -- What browser it said that it is, in words such as "Chrome on Android": its owner recognises it by them.
    browser TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_by_person ON session (person_id);
CREATE INDEX session_by_expiry ON session (expires_at);

-- Neither an e-mail address nor a network address stands here, only digests of them with the installation's key, for a day. The device
-- stands here when the try was let through because that device was known.
CREATE TABLE sign_in_failure (
    id BLOB NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    place TEXT NOT NULL,
    device TEXT,
    failed_at DATETIME NOT NULL
) WITHOUT ROWID;
CREATE INDEX sign_in_failure_by_account ON sign_in_failure (account, failed_at);
CREATE INDEX sign_in_failure_by_place ON sign_in_failure (place, failed_at);
CREATE INDEX sign_in_failure_by_time ON sign_in_failure (failed_at);

-- What this installation is, such as a demonstration, and the key of its digests.
CREATE TABLE installation (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TRIGGER person_never_changes BEFORE UPDATE OF id, number, recorded_at, recorded_by ON person
BEGIN SELECT RAISE(ABORT, 'a person never changes'); END;
CREATE TRIGGER person_never_deleted BEFORE DELETE ON person
BEGIN SELECT RAISE(ABORT, 'a person is never deleted'); END;
CREATE TRIGGER person_no_replace BEFORE INSERT ON person
WHEN EXISTS (SELECT 1 FROM person WHERE id = NEW.id OR number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'a person never changes'); END;

CREATE TRIGGER password_set_never_changes BEFORE UPDATE ON password_set
BEGIN SELECT RAISE(ABORT, 'that a password was set never changes'); END;
CREATE TRIGGER password_set_never_deleted BEFORE DELETE ON password_set
BEGIN SELECT RAISE(ABORT, 'that a password was set is never deleted'); END;
CREATE TRIGGER password_set_no_replace BEFORE INSERT ON password_set
WHEN EXISTS (SELECT 1 FROM password_set WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'that a password was set never changes'); END;

CREATE TRIGGER second_factor_never_changes BEFORE UPDATE OF id, person_id, kind, recorded_at, recorded_by ON second_factor
BEGIN SELECT RAISE(ABORT, 'a second factor never changes'); END;
CREATE TRIGGER second_factor_secret_never_changes BEFORE UPDATE OF secret ON second_factor
WHEN NEW.secret IS NOT NULL AND NEW.secret <> OLD.secret
BEGIN SELECT RAISE(ABORT, 'the secret of a second factor never changes'); END;
CREATE TRIGGER second_factor_confirmed_once BEFORE UPDATE OF confirmed_at ON second_factor
WHEN OLD.confirmed_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a second factor is confirmed once and never again'); END;
CREATE TRIGGER second_factor_ends_once BEFORE UPDATE ON second_factor
WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a second factor is ended once'); END;
CREATE TRIGGER second_factor_never_deleted BEFORE DELETE ON second_factor
BEGIN SELECT RAISE(ABORT, 'a second factor is never deleted'); END;
CREATE TRIGGER second_factor_no_replace BEFORE INSERT ON second_factor
WHEN EXISTS (SELECT 1 FROM second_factor WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a second factor never changes'); END;

CREATE TRIGGER token_never_changes BEFORE UPDATE OF id, name, digest, person_id, role, group_id, recorded_at, recorded_by ON token
BEGIN SELECT RAISE(ABORT, 'a token never changes'); END;
CREATE TRIGGER token_ends_once BEFORE UPDATE ON token
WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a token is ended once'); END;
CREATE TRIGGER token_never_deleted BEFORE DELETE ON token
BEGIN SELECT RAISE(ABORT, 'a token is never deleted'); END;
CREATE TRIGGER token_no_replace BEFORE INSERT ON token
WHEN EXISTS (SELECT 1 FROM token WHERE id = NEW.id OR digest = NEW.digest)
BEGIN SELECT RAISE(ABORT, 'a token never changes'); END;

CREATE TRIGGER stay_never_changes BEFORE UPDATE OF id, person_id, begins_on, recorded_at, recorded_by ON stay
BEGIN SELECT RAISE(ABORT, 'a stay never changes'); END;
CREATE TRIGGER stay_ends_once BEFORE UPDATE ON stay
WHEN OLD.ends_before IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a stay is ended once'); END;
CREATE TRIGGER stay_never_deleted BEFORE DELETE ON stay
BEGIN SELECT RAISE(ABORT, 'a stay is never deleted'); END;
CREATE TRIGGER stay_no_replace BEFORE INSERT ON stay
WHEN EXISTS (SELECT 1 FROM stay WHERE id = NEW.id OR (person_id = NEW.person_id AND ends_before IS NULL AND NEW.ends_before IS NULL))
BEGIN SELECT RAISE(ABORT, 'a stay never changes'); END;

CREATE TRIGGER in_audience_never_changes BEFORE UPDATE OF id, person_id, audience, begins_on, recorded_at, recorded_by ON in_audience
BEGIN SELECT RAISE(ABORT, 'being in an audience never changes'); END;
CREATE TRIGGER in_audience_ends_once BEFORE UPDATE ON in_audience
WHEN OLD.ends_before IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'being in an audience is ended once'); END;
CREATE TRIGGER in_audience_never_deleted BEFORE DELETE ON in_audience
BEGIN SELECT RAISE(ABORT, 'being in an audience is never deleted'); END;
CREATE TRIGGER in_audience_no_replace BEFORE INSERT ON in_audience
WHEN EXISTS (SELECT 1 FROM in_audience WHERE id = NEW.id OR (person_id = NEW.person_id AND audience = NEW.audience AND ends_before IS NULL AND NEW.ends_before IS NULL))
BEGIN SELECT RAISE(ABORT, 'being in an audience never changes'); END;

CREATE TRIGGER people_group_never_changes BEFORE UPDATE ON people_group
BEGIN SELECT RAISE(ABORT, 'a group never changes'); END;
CREATE TRIGGER people_group_never_deleted BEFORE DELETE ON people_group
BEGIN SELECT RAISE(ABORT, 'a group is never deleted'); END;
CREATE TRIGGER people_group_no_replace BEFORE INSERT ON people_group
WHEN EXISTS (SELECT 1 FROM people_group WHERE id = NEW.id OR number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'a group never changes'); END;

CREATE TRIGGER group_place_never_changes BEFORE UPDATE OF id, group_id, parent_id, name, begins_on, recorded_at, recorded_by ON group_place
BEGIN SELECT RAISE(ABORT, 'the place of a group never changes'); END;
CREATE TRIGGER group_place_ends_once BEFORE UPDATE ON group_place
WHEN OLD.ends_before IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'the place of a group is ended once'); END;
CREATE TRIGGER group_place_never_deleted BEFORE DELETE ON group_place
BEGIN SELECT RAISE(ABORT, 'the place of a group is never deleted'); END;
CREATE TRIGGER group_place_no_replace BEFORE INSERT ON group_place
WHEN EXISTS (SELECT 1 FROM group_place WHERE id = NEW.id OR (group_id = NEW.group_id AND ends_before IS NULL AND NEW.ends_before IS NULL))
BEGIN SELECT RAISE(ABORT, 'the place of a group never changes'); END;

CREATE TRIGGER membership_never_changes BEFORE UPDATE OF id, group_id, person_id, begins_on, recorded_at, recorded_by ON membership
BEGIN SELECT RAISE(ABORT, 'a membership never changes'); END;
CREATE TRIGGER membership_ends_once BEFORE UPDATE ON membership
WHEN OLD.ends_before IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a membership is ended once'); END;
CREATE TRIGGER membership_never_deleted BEFORE DELETE ON membership
BEGIN SELECT RAISE(ABORT, 'a membership is never deleted'); END;
CREATE TRIGGER membership_no_replace BEFORE INSERT ON membership
WHEN EXISTS (SELECT 1 FROM membership WHERE id = NEW.id OR (group_id = NEW.group_id AND person_id = NEW.person_id AND ends_before IS NULL AND NEW.ends_before IS NULL))
BEGIN SELECT RAISE(ABORT, 'a membership never changes'); END;

CREATE TRIGGER duty_never_changes BEFORE UPDATE OF id, person_id, role, group_id, begins_on, recorded_at, recorded_by ON duty
BEGIN SELECT RAISE(ABORT, 'a duty never changes'); END;
CREATE TRIGGER duty_ends_once BEFORE UPDATE ON duty
WHEN OLD.ends_before IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a duty is ended once'); END;
CREATE TRIGGER duty_never_deleted BEFORE DELETE ON duty
BEGIN SELECT RAISE(ABORT, 'a duty is never deleted'); END;
CREATE TRIGGER duty_no_replace BEFORE INSERT ON duty
WHEN EXISTS (SELECT 1 FROM duty WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a duty never changes'); END;

CREATE TRIGGER person_detail_revises_person_on_insert AFTER INSERT ON person_detail
BEGIN UPDATE person SET revision = revision + 1 WHERE id = NEW.person_id; END;
CREATE TRIGGER person_detail_revises_person_on_update AFTER UPDATE ON person_detail
BEGIN UPDATE person SET revision = revision + 1 WHERE id = NEW.person_id; END;
CREATE TRIGGER stay_revises_person_on_insert AFTER INSERT ON stay
BEGIN UPDATE person SET revision = revision + 1 WHERE id = NEW.person_id; END;
CREATE TRIGGER stay_revises_person_on_update AFTER UPDATE ON stay
BEGIN UPDATE person SET revision = revision + 1 WHERE id = NEW.person_id; END;
CREATE TRIGGER in_audience_revises_person_on_insert AFTER INSERT ON in_audience
BEGIN UPDATE person SET revision = revision + 1 WHERE id = NEW.person_id; END;
CREATE TRIGGER in_audience_revises_person_on_update AFTER UPDATE ON in_audience
BEGIN UPDATE person SET revision = revision + 1 WHERE id = NEW.person_id; END;
CREATE TRIGGER membership_revises_person_on_insert AFTER INSERT ON membership
BEGIN UPDATE person SET revision = revision + 1 WHERE id = NEW.person_id; END;
CREATE TRIGGER membership_revises_person_on_update AFTER UPDATE ON membership
BEGIN UPDATE person SET revision = revision + 1 WHERE id = NEW.person_id; END;
CREATE TRIGGER duty_revises_person_on_insert AFTER INSERT ON duty
BEGIN UPDATE person SET revision = revision + 1 WHERE id = NEW.person_id; END;
CREATE TRIGGER duty_revises_person_on_update AFTER UPDATE ON duty
BEGIN UPDATE person SET revision = revision + 1 WHERE id = NEW.person_id; END;

CREATE TRIGGER group_place_revises_on_insert AFTER INSERT ON group_place
BEGIN UPDATE revision SET number = number + 1 WHERE name = 'organised'; END;
CREATE TRIGGER group_place_revises_on_update AFTER UPDATE ON group_place
BEGIN UPDATE revision SET number = number + 1 WHERE name = 'organised'; END;

CREATE TRIGGER person_detail_revises_person_on_delete AFTER DELETE ON person_detail
BEGIN UPDATE person SET revision = revision + 1 WHERE id = OLD.person_id; END;
