-- What the triggers below say when they refuse something; each names it in its own words.
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0];
END $$;

-- A new revision of what is known of a person, so that nobody goes on with what was known before.
CREATE FUNCTION revise_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- NEW is null for what is deleted.
    UPDATE person SET revision = revision + 1 WHERE id = COALESCE(NEW.person_id, OLD.person_id);
    RETURN NULL;
END $$;

-- A new revision of what is true for everybody: the groups and what is assigned, or what is published.
CREATE FUNCTION revise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE revision SET number = number + 1 WHERE name = TG_ARGV[0];
    RETURN NULL;
END $$;

-- Somebody who is or was here. What is about them and decides nothing stands in tables of its own, from which it can be
-- erased. Dated facts hold from begins_on and, once they have ended, before ends_before.
CREATE TABLE person (
    id UUID NOT NULL PRIMARY KEY,
    -- Counted from 1: what is kept in memory for everybody is kept by it.
    number BIGINT NOT NULL UNIQUE,
    -- Raised with each fact about this person.
    revision BIGINT NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL
);

-- What changes and can be erased.
CREATE TABLE person_detail (
    person_id UUID NOT NULL PRIMARY KEY REFERENCES person (id),
    name TEXT NOT NULL,
    -- What people are put in order by: the name without accents, in small letters.
    name_key TEXT COLLATE "C" NOT NULL,
    email TEXT UNIQUE,
    -- What another system of the provider knows them by.
    external_id TEXT UNIQUE
);
CREATE INDEX person_detail_by_name ON person_detail (name_key, person_id);

-- That a password was set, and by whom; never what it is. Its id is what whoever showed it is known to have shown.
CREATE TABLE password_set (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL
);
CREATE INDEX password_set_by_person ON password_set (person_id);

-- The password that counts. Not everybody has one.
CREATE TABLE password (
    person_id UUID NOT NULL PRIMARY KEY REFERENCES person (id),
    set_id UUID NOT NULL UNIQUE REFERENCES password_set (id),
    -- The PHC string of Argon2id.
    phc TEXT NOT NULL
);

-- What somebody shows besides a password. It counts from confirmed_at on, and once it has ended its secret is gone.
CREATE TABLE second_factor (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    -- Such as totp.
    kind TEXT NOT NULL,
    -- Sealed with the installation's key.
    secret TEXT,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL,
    confirmed_at TIMESTAMPTZ,
    ended_at TIMESTAMPTZ,
    ended_by TEXT,
    CHECK ((ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (secret IS NOT NULL))
);
CREATE INDEX second_factor_by_person ON second_factor (person_id);

-- As whom somebody is known to a sign-in of another organisation.
CREATE TABLE identity (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    -- By what they were found the first time: email or external_id.
    found_through TEXT NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    -- When they took it away themselves: it stays away until an administrator allows it again.
    ended_at TIMESTAMPTZ,
    CHECK (found_through IN ('email', 'external_id')),
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX identity_by_person ON identity (person_id);

-- From when to when somebody is here: began, left, came back.
CREATE TABLE stay (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    begins_on DATE NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL,
    ends_before DATE,
    end_recorded_at TIMESTAMPTZ,
    end_recorded_by TEXT,
    CHECK (ends_before >= begins_on),
    CHECK ((ends_before IS NULL) = (end_recorded_at IS NULL) AND (ends_before IS NULL) = (end_recorded_by IS NULL))
);
CREATE INDEX stay_by_person ON stay (person_id);
CREATE UNIQUE INDEX stay_open ON stay (person_id) WHERE ends_before IS NULL;

-- As whom they are here: what is written for that audience is for them. Which audiences there are is published.
CREATE TABLE in_audience (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    audience TEXT NOT NULL
        CHECK (audience ~ '^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$'),
    begins_on DATE NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL,
    ends_before DATE,
    end_recorded_at TIMESTAMPTZ,
    end_recorded_by TEXT,
    CHECK (ends_before >= begins_on),
    CHECK ((ends_before IS NULL) = (end_recorded_at IS NULL) AND (ends_before IS NULL) = (end_recorded_by IS NULL))
);
CREATE INDEX in_audience_by_person ON in_audience (person_id);
CREATE UNIQUE INDEX in_audience_open ON in_audience (person_id, audience) WHERE ends_before IS NULL;

-- A group is known by its id; what it is called and where it stands in the tree are facts of its own.
CREATE TABLE people_group (
    id UUID NOT NULL PRIMARY KEY,
    -- Counted from 1.
    number BIGINT NOT NULL UNIQUE,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL
);

-- A group made, moved, renamed, ended: its place in the tree of organisation, site, programme, cohort and employer.
CREATE TABLE group_place (
    id UUID NOT NULL PRIMARY KEY,
    group_id UUID NOT NULL REFERENCES people_group (id),
    parent_id UUID REFERENCES people_group (id),
    name TEXT NOT NULL,
    begins_on DATE NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL,
    ends_before DATE,
    end_recorded_at TIMESTAMPTZ,
    end_recorded_by TEXT,
    CHECK (ends_before >= begins_on),
    CHECK ((ends_before IS NULL) = (end_recorded_at IS NULL) AND (ends_before IS NULL) = (end_recorded_by IS NULL))
);
CREATE INDEX group_place_by_parent ON group_place (parent_id);
CREATE INDEX group_place_by_group ON group_place (group_id);
CREATE UNIQUE INDEX group_place_open ON group_place (group_id) WHERE ends_before IS NULL;

CREATE TABLE membership (
    id UUID NOT NULL PRIMARY KEY,
    group_id UUID NOT NULL REFERENCES people_group (id),
    person_id UUID NOT NULL REFERENCES person (id),
    begins_on DATE NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL,
    ends_before DATE,
    end_recorded_at TIMESTAMPTZ,
    end_recorded_by TEXT,
    CHECK (ends_before >= begins_on),
    CHECK ((ends_before IS NULL) = (end_recorded_at IS NULL) AND (ends_before IS NULL) = (end_recorded_by IS NULL))
);
CREATE INDEX membership_by_person ON membership (person_id);
CREATE INDEX membership_by_group ON membership (group_id);
CREATE UNIQUE INDEX membership_open ON membership (group_id, person_id) WHERE ends_before IS NULL;

-- What somebody may do, and for whom.
CREATE TABLE duty (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    role TEXT NOT NULL,
    -- Over which group and those below it; null is everywhere.
    group_id UUID REFERENCES people_group (id),
    begins_on DATE NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL,
    ends_before DATE,
    end_recorded_at TIMESTAMPTZ,
    end_recorded_by TEXT,
    CHECK (ends_before >= begins_on),
    CHECK ((ends_before IS NULL) = (end_recorded_at IS NULL) AND (ends_before IS NULL) = (end_recorded_by IS NULL))
);
CREATE INDEX duty_by_person ON duty (person_id);
CREATE INDEX duty_by_group ON duty (group_id);

-- What a program shows in place of a password; only its digest with the installation's key is kept. It acts for a person, or has a
-- duty of its own.
CREATE TABLE token (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    person_id UUID REFERENCES person (id),
    role TEXT,
    -- Over which group and those below it; null is everywhere.
    group_id UUID REFERENCES people_group (id),
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL,
    ended_at TIMESTAMPTZ,
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

-- The id of a session is a secret of the browser's; only its SHA-256 is kept.
CREATE TABLE session (
    id_sha256 TEXT NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    data TEXT NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    begun_at TIMESTAMPTZ NOT NULL,
    -- What browser it said that it is, in words such as "Chrome on Android": its owner recognises it by them.
    browser TEXT NOT NULL
);
CREATE INDEX session_by_person ON session (person_id);
CREATE INDEX session_by_expiry ON session (expires_at);

-- Neither an e-mail address nor a network address stands here, only digests of them with the installation's key, for a day. The device
-- stands here when the try was let through because that device was known.
CREATE TABLE sign_in_failure (
    id UUID NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    place TEXT NOT NULL,
    device TEXT,
    failed_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX sign_in_failure_by_account ON sign_in_failure (account, failed_at);
CREATE INDEX sign_in_failure_by_place ON sign_in_failure (place, failed_at);
CREATE INDEX sign_in_failure_by_time ON sign_in_failure (failed_at);

-- What this installation is, such as a demonstration, and the key of its digests.
CREATE TABLE installation (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TRIGGER person_never_changes BEFORE UPDATE OF id, number, recorded_at, recorded_by ON person
FOR EACH ROW EXECUTE FUNCTION refuse('a person never changes');
CREATE TRIGGER person_never_deleted BEFORE DELETE ON person
FOR EACH ROW EXECUTE FUNCTION refuse('a person is never deleted');
CREATE TRIGGER person_no_truncate BEFORE TRUNCATE ON person
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a person is never deleted');

CREATE TRIGGER password_set_never_changes BEFORE UPDATE ON password_set
FOR EACH ROW EXECUTE FUNCTION refuse('that a password was set never changes');
CREATE TRIGGER password_set_never_deleted BEFORE DELETE ON password_set
FOR EACH ROW EXECUTE FUNCTION refuse('that a password was set is never deleted');
CREATE TRIGGER password_set_no_truncate BEFORE TRUNCATE ON password_set
FOR EACH STATEMENT EXECUTE FUNCTION refuse('that a password was set is never deleted');

CREATE TRIGGER second_factor_never_changes BEFORE UPDATE OF id, person_id, kind, recorded_at, recorded_by ON second_factor
FOR EACH ROW EXECUTE FUNCTION refuse('a second factor never changes');
CREATE TRIGGER second_factor_secret_never_changes BEFORE UPDATE OF secret ON second_factor
FOR EACH ROW
WHEN (NEW.secret IS NOT NULL AND NEW.secret <> OLD.secret) EXECUTE FUNCTION refuse('the secret of a second factor never changes');
CREATE TRIGGER second_factor_confirmed_once BEFORE UPDATE OF confirmed_at ON second_factor
FOR EACH ROW
WHEN (OLD.confirmed_at IS NOT NULL) EXECUTE FUNCTION refuse('a second factor is confirmed once and never again');
CREATE TRIGGER second_factor_ends_once BEFORE UPDATE ON second_factor
FOR EACH ROW
WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION refuse('a second factor is ended once');
CREATE TRIGGER second_factor_never_deleted BEFORE DELETE ON second_factor
FOR EACH ROW EXECUTE FUNCTION refuse('a second factor is never deleted');
CREATE TRIGGER second_factor_no_truncate BEFORE TRUNCATE ON second_factor
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a second factor is never deleted');

CREATE TRIGGER token_never_changes BEFORE UPDATE OF id, name, digest, person_id, role, group_id, recorded_at, recorded_by ON token
FOR EACH ROW EXECUTE FUNCTION refuse('a token never changes');
CREATE TRIGGER token_ends_once BEFORE UPDATE ON token
FOR EACH ROW
WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION refuse('a token is ended once');
CREATE TRIGGER token_never_deleted BEFORE DELETE ON token
FOR EACH ROW EXECUTE FUNCTION refuse('a token is never deleted');
CREATE TRIGGER token_no_truncate BEFORE TRUNCATE ON token
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a token is never deleted');

CREATE TRIGGER stay_never_changes BEFORE UPDATE OF id, person_id, begins_on, recorded_at, recorded_by ON stay
FOR EACH ROW EXECUTE FUNCTION refuse('a stay never changes');
CREATE TRIGGER stay_ends_once BEFORE UPDATE ON stay
FOR EACH ROW
WHEN (OLD.ends_before IS NOT NULL) EXECUTE FUNCTION refuse('a stay is ended once');
CREATE TRIGGER stay_never_deleted BEFORE DELETE ON stay
FOR EACH ROW EXECUTE FUNCTION refuse('a stay is never deleted');
CREATE TRIGGER stay_no_truncate BEFORE TRUNCATE ON stay
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a stay is never deleted');

CREATE TRIGGER in_audience_never_changes BEFORE UPDATE OF id, person_id, audience, begins_on, recorded_at, recorded_by ON in_audience
FOR EACH ROW EXECUTE FUNCTION refuse('being in an audience never changes');
CREATE TRIGGER in_audience_ends_once BEFORE UPDATE ON in_audience
FOR EACH ROW
WHEN (OLD.ends_before IS NOT NULL) EXECUTE FUNCTION refuse('being in an audience is ended once');
CREATE TRIGGER in_audience_never_deleted BEFORE DELETE ON in_audience
FOR EACH ROW EXECUTE FUNCTION refuse('being in an audience is never deleted');
CREATE TRIGGER in_audience_no_truncate BEFORE TRUNCATE ON in_audience
FOR EACH STATEMENT EXECUTE FUNCTION refuse('being in an audience is never deleted');

CREATE TRIGGER people_group_never_changes BEFORE UPDATE ON people_group
FOR EACH ROW EXECUTE FUNCTION refuse('a group never changes');
CREATE TRIGGER people_group_never_deleted BEFORE DELETE ON people_group
FOR EACH ROW EXECUTE FUNCTION refuse('a group is never deleted');
CREATE TRIGGER people_group_no_truncate BEFORE TRUNCATE ON people_group
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a group is never deleted');

CREATE TRIGGER group_place_never_changes BEFORE UPDATE OF id, group_id, parent_id, name, begins_on, recorded_at, recorded_by ON group_place
FOR EACH ROW EXECUTE FUNCTION refuse('the place of a group never changes');
CREATE TRIGGER group_place_ends_once BEFORE UPDATE ON group_place
FOR EACH ROW
WHEN (OLD.ends_before IS NOT NULL) EXECUTE FUNCTION refuse('the place of a group is ended once');
CREATE TRIGGER group_place_never_deleted BEFORE DELETE ON group_place
FOR EACH ROW EXECUTE FUNCTION refuse('the place of a group is never deleted');
CREATE TRIGGER group_place_no_truncate BEFORE TRUNCATE ON group_place
FOR EACH STATEMENT EXECUTE FUNCTION refuse('the place of a group is never deleted');

CREATE TRIGGER membership_never_changes BEFORE UPDATE OF id, group_id, person_id, begins_on, recorded_at, recorded_by ON membership
FOR EACH ROW EXECUTE FUNCTION refuse('a membership never changes');
CREATE TRIGGER membership_ends_once BEFORE UPDATE ON membership
FOR EACH ROW
WHEN (OLD.ends_before IS NOT NULL) EXECUTE FUNCTION refuse('a membership is ended once');
CREATE TRIGGER membership_never_deleted BEFORE DELETE ON membership
FOR EACH ROW EXECUTE FUNCTION refuse('a membership is never deleted');
CREATE TRIGGER membership_no_truncate BEFORE TRUNCATE ON membership
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a membership is never deleted');

CREATE TRIGGER duty_never_changes BEFORE UPDATE OF id, person_id, role, group_id, begins_on, recorded_at, recorded_by ON duty
FOR EACH ROW EXECUTE FUNCTION refuse('a duty never changes');
CREATE TRIGGER duty_ends_once BEFORE UPDATE ON duty
FOR EACH ROW
WHEN (OLD.ends_before IS NOT NULL) EXECUTE FUNCTION refuse('a duty is ended once');
CREATE TRIGGER duty_never_deleted BEFORE DELETE ON duty
FOR EACH ROW EXECUTE FUNCTION refuse('a duty is never deleted');
CREATE TRIGGER duty_no_truncate BEFORE TRUNCATE ON duty
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a duty is never deleted');

CREATE TRIGGER person_detail_revises_person AFTER INSERT OR UPDATE ON person_detail
FOR EACH ROW EXECUTE FUNCTION revise_person();
CREATE TRIGGER stay_revises_person AFTER INSERT OR UPDATE ON stay
FOR EACH ROW EXECUTE FUNCTION revise_person();
CREATE TRIGGER in_audience_revises_person AFTER INSERT OR UPDATE ON in_audience
FOR EACH ROW EXECUTE FUNCTION revise_person();
CREATE TRIGGER membership_revises_person AFTER INSERT OR UPDATE ON membership
FOR EACH ROW EXECUTE FUNCTION revise_person();
CREATE TRIGGER duty_revises_person AFTER INSERT OR UPDATE ON duty
FOR EACH ROW EXECUTE FUNCTION revise_person();

CREATE TRIGGER group_place_revises AFTER INSERT OR UPDATE ON group_place
FOR EACH ROW EXECUTE FUNCTION revise('organised');

CREATE TRIGGER person_detail_revises_person_on_delete AFTER DELETE ON person_detail
FOR EACH ROW EXECUTE FUNCTION revise_person();
