-- Every version ever published, as the very bytes that its digest is of. What is newest is what people get. An older text
-- may be published again, as a new version with the same digest.
CREATE TABLE module_version (
    module TEXT NOT NULL,
    -- Counted from 1.
    number BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    edition BIGINT NOT NULL,
    title TEXT NOT NULL,
    canonical TEXT NOT NULL,
    published_at DATETIME NOT NULL,
    published_by TEXT NOT NULL,
    PRIMARY KEY (module, number)
);

CREATE TABLE agreement_version (
    agreement TEXT NOT NULL,
    -- Counted from 1.
    number BIGINT NOT NULL,
    -- What people call it, such as 1.0.
    version TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    title TEXT NOT NULL,
    canonical TEXT NOT NULL,
    published_at DATETIME NOT NULL,
    published_by TEXT NOT NULL,
    PRIMARY KEY (agreement, number)
);

CREATE TABLE programme_version (
    programme TEXT NOT NULL,
    -- Counted from 1.
    number BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    title TEXT NOT NULL,
    canonical TEXT NOT NULL,
    published_at DATETIME NOT NULL,
    published_by TEXT NOT NULL,
    PRIMARY KEY (programme, number)
);

-- The provider, its contacts and the help services.
CREATE TABLE provider_version (
    -- Counted from 1.
    number BIGINT NOT NULL PRIMARY KEY,
    sha256 TEXT NOT NULL,
    canonical TEXT NOT NULL,
    published_at DATETIME NOT NULL,
    published_by TEXT NOT NULL
);

-- What is not taken, signed or asked for any more. Its versions can be read for ever.
CREATE TABLE withdrawal (
    id BLOB NOT NULL PRIMARY KEY,
    -- module, agreement or programme.
    kind TEXT NOT NULL,
    slug TEXT NOT NULL,
    -- The newest version at that moment: a later one ends the withdrawal.
    number BIGINT NOT NULL,
    recorded_at DATETIME NOT NULL,
    recorded_by TEXT NOT NULL
);
CREATE INDEX withdrawal_by_slug ON withdrawal (kind, slug);

-- A programme given to an audience, to a group with those below it, or to a person.
CREATE TABLE assignment (
    id BLOB NOT NULL PRIMARY KEY,
    programme TEXT NOT NULL,
    audience TEXT
        CHECK (audience GLOB '[a-z0-9]*' AND audience NOT GLOB '*[^a-z0-9-]*' AND audience NOT GLOB '*-' AND length(audience) <= 64),
    group_id BLOB REFERENCES people_group (id),
    person_id BLOB REFERENCES person (id),
    begins_on DATE NOT NULL,
    recorded_at DATETIME NOT NULL,
    recorded_by TEXT NOT NULL,
    ends_before DATE,
    end_recorded_at DATETIME,
    end_recorded_by TEXT,
    CHECK (ends_before >= begins_on),
    CHECK ((ends_before IS NULL) = (end_recorded_at IS NULL) AND (ends_before IS NULL) = (end_recorded_by IS NULL)),
    CHECK ((audience IS NULL) + (group_id IS NULL) + (person_id IS NULL) = 2)
);
CREATE INDEX assignment_by_audience ON assignment (audience);
CREATE INDEX assignment_by_person ON assignment (person_id);
CREATE INDEX assignment_by_group ON assignment (group_id);

CREATE TABLE exemption (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    -- module or agreement.
    kind TEXT NOT NULL,
    slug TEXT NOT NULL,
    -- Until when it was given, if it was not given for good.
    given_before DATE,
    begins_on DATE NOT NULL,
    recorded_at DATETIME NOT NULL,
    recorded_by TEXT NOT NULL,
    ends_before DATE,
    end_recorded_at DATETIME,
    end_recorded_by TEXT,
    CHECK (ends_before >= begins_on),
    CHECK ((ends_before IS NULL) = (end_recorded_at IS NULL) AND (ends_before IS NULL) = (end_recorded_by IS NULL))
);
CREATE INDEX exemption_by_person ON exemption (person_id);

-- Why, in words about a person: these may be erased, and are never changed.
CREATE TABLE exemption_reason (
    exemption_id BLOB NOT NULL PRIMARY KEY REFERENCES exemption (id),
    reason TEXT NOT NULL
);

CREATE TRIGGER module_version_never_changes BEFORE UPDATE ON module_version
BEGIN SELECT RAISE(ABORT, 'a published version never changes'); END;
CREATE TRIGGER module_version_never_deleted BEFORE DELETE ON module_version
BEGIN SELECT RAISE(ABORT, 'a published version is never deleted'); END;
CREATE TRIGGER module_version_no_replace BEFORE INSERT ON module_version
WHEN EXISTS (SELECT 1 FROM module_version WHERE (module = NEW.module AND number = NEW.number))
BEGIN SELECT RAISE(ABORT, 'a published version never changes'); END;

CREATE TRIGGER agreement_version_never_changes BEFORE UPDATE ON agreement_version
BEGIN SELECT RAISE(ABORT, 'a published version never changes'); END;
CREATE TRIGGER agreement_version_never_deleted BEFORE DELETE ON agreement_version
BEGIN SELECT RAISE(ABORT, 'a published version is never deleted'); END;
CREATE TRIGGER agreement_version_no_replace BEFORE INSERT ON agreement_version
WHEN EXISTS (SELECT 1 FROM agreement_version WHERE (agreement = NEW.agreement AND number = NEW.number))
BEGIN SELECT RAISE(ABORT, 'a published version never changes'); END;

CREATE TRIGGER programme_version_never_changes BEFORE UPDATE ON programme_version
BEGIN SELECT RAISE(ABORT, 'a published version never changes'); END;
CREATE TRIGGER programme_version_never_deleted BEFORE DELETE ON programme_version
BEGIN SELECT RAISE(ABORT, 'a published version is never deleted'); END;
CREATE TRIGGER programme_version_no_replace BEFORE INSERT ON programme_version
WHEN EXISTS (SELECT 1 FROM programme_version WHERE (programme = NEW.programme AND number = NEW.number))
BEGIN SELECT RAISE(ABORT, 'a published version never changes'); END;

CREATE TRIGGER provider_version_never_changes BEFORE UPDATE ON provider_version
BEGIN SELECT RAISE(ABORT, 'a published version never changes'); END;
CREATE TRIGGER provider_version_never_deleted BEFORE DELETE ON provider_version
BEGIN SELECT RAISE(ABORT, 'a published version is never deleted'); END;
CREATE TRIGGER provider_version_no_replace BEFORE INSERT ON provider_version
WHEN EXISTS (SELECT 1 FROM provider_version WHERE number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'a published version never changes'); END;

CREATE TRIGGER withdrawal_never_changes BEFORE UPDATE ON withdrawal
BEGIN SELECT RAISE(ABORT, 'a withdrawal never changes'); END;
CREATE TRIGGER withdrawal_never_deleted BEFORE DELETE ON withdrawal
BEGIN SELECT RAISE(ABORT, 'a withdrawal is never deleted'); END;
CREATE TRIGGER withdrawal_no_replace BEFORE INSERT ON withdrawal
WHEN EXISTS (SELECT 1 FROM withdrawal WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a withdrawal never changes'); END;

CREATE TRIGGER assignment_never_changes BEFORE UPDATE OF id, programme, audience, group_id, person_id, begins_on, recorded_at, recorded_by ON assignment
BEGIN SELECT RAISE(ABORT, 'an assignment never changes'); END;
CREATE TRIGGER assignment_ends_once BEFORE UPDATE ON assignment
WHEN OLD.ends_before IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an assignment is ended once'); END;
CREATE TRIGGER assignment_never_deleted BEFORE DELETE ON assignment
BEGIN SELECT RAISE(ABORT, 'an assignment is never deleted'); END;
CREATE TRIGGER assignment_no_replace BEFORE INSERT ON assignment
WHEN EXISTS (SELECT 1 FROM assignment WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'an assignment never changes'); END;

CREATE TRIGGER exemption_never_changes BEFORE UPDATE OF id, person_id, kind, slug, given_before, begins_on, recorded_at, recorded_by ON exemption
BEGIN SELECT RAISE(ABORT, 'an exemption never changes'); END;
CREATE TRIGGER exemption_ends_once BEFORE UPDATE ON exemption
WHEN OLD.ends_before IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an exemption is ended once'); END;
CREATE TRIGGER exemption_never_deleted BEFORE DELETE ON exemption
BEGIN SELECT RAISE(ABORT, 'an exemption is never deleted'); END;
CREATE TRIGGER exemption_no_replace BEFORE INSERT ON exemption
WHEN EXISTS (SELECT 1 FROM exemption WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'an exemption never changes'); END;

CREATE TRIGGER exemption_reason_never_changes BEFORE UPDATE ON exemption_reason
BEGIN SELECT RAISE(ABORT, 'the reason of an exemption never changes'); END;
CREATE TRIGGER exemption_reason_no_replace BEFORE INSERT ON exemption_reason
WHEN EXISTS (SELECT 1 FROM exemption_reason WHERE exemption_id = NEW.exemption_id)
BEGIN SELECT RAISE(ABORT, 'the reason of an exemption never changes'); END;

CREATE TRIGGER exemption_revises_person_on_insert AFTER INSERT ON exemption
BEGIN UPDATE person SET revision = revision + 1 WHERE id = NEW.person_id; END;
CREATE TRIGGER exemption_revises_person_on_update AFTER UPDATE ON exemption
BEGIN UPDATE person SET revision = revision + 1 WHERE id = NEW.person_id; END;

CREATE TRIGGER assignment_revises_on_insert AFTER INSERT ON assignment
BEGIN UPDATE revision SET number = number + 1 WHERE name = 'organised'; END;
CREATE TRIGGER assignment_revises_on_update AFTER UPDATE ON assignment
BEGIN UPDATE revision SET number = number + 1 WHERE name = 'organised'; END;

CREATE TRIGGER module_version_revises_on_insert AFTER INSERT ON module_version
BEGIN UPDATE revision SET number = number + 1 WHERE name = 'published'; END;
CREATE TRIGGER agreement_version_revises_on_insert AFTER INSERT ON agreement_version
BEGIN UPDATE revision SET number = number + 1 WHERE name = 'published'; END;
CREATE TRIGGER programme_version_revises_on_insert AFTER INSERT ON programme_version
BEGIN UPDATE revision SET number = number + 1 WHERE name = 'published'; END;
CREATE TRIGGER provider_version_revises_on_insert AFTER INSERT ON provider_version
BEGIN UPDATE revision SET number = number + 1 WHERE name = 'published'; END;
CREATE TRIGGER withdrawal_revises_on_insert AFTER INSERT ON withdrawal
BEGIN UPDATE revision SET number = number + 1 WHERE name = 'published'; END;
