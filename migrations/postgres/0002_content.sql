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
    published_at TIMESTAMPTZ NOT NULL,
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
    published_at TIMESTAMPTZ NOT NULL,
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
    published_at TIMESTAMPTZ NOT NULL,
    published_by TEXT NOT NULL,
    PRIMARY KEY (programme, number)
);

-- The provider, its contacts and the help services.
CREATE TABLE provider_version (
    -- Counted from 1.
    number BIGINT NOT NULL PRIMARY KEY,
    sha256 TEXT NOT NULL,
    canonical TEXT NOT NULL,
    published_at TIMESTAMPTZ NOT NULL,
    published_by TEXT NOT NULL
);

-- What is not taken, signed or asked for any more. Its versions can be read for ever.
CREATE TABLE withdrawal (
    id UUID NOT NULL PRIMARY KEY,
    -- module, agreement or programme.
    kind TEXT NOT NULL,
    slug TEXT NOT NULL,
    -- The newest version at that moment: a later one ends the withdrawal.
    number BIGINT NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL
);
CREATE INDEX withdrawal_by_slug ON withdrawal (kind, slug);

-- A programme given to an audience, to a group with those below it, or to a person.
CREATE TABLE assignment (
    id UUID NOT NULL PRIMARY KEY,
    programme TEXT NOT NULL,
    audience TEXT
        CHECK (audience ~ '^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$'),
    group_id UUID REFERENCES people_group (id),
    person_id UUID REFERENCES person (id),
    begins_on DATE NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL,
    ends_before DATE,
    end_recorded_at TIMESTAMPTZ,
    end_recorded_by TEXT,
    CHECK (ends_before >= begins_on),
    CHECK ((ends_before IS NULL) = (end_recorded_at IS NULL) AND (ends_before IS NULL) = (end_recorded_by IS NULL)),
    CHECK (num_nonnulls(audience, group_id, person_id) = 1)
);
CREATE INDEX assignment_by_audience ON assignment (audience);
CREATE INDEX assignment_by_person ON assignment (person_id);
CREATE INDEX assignment_by_group ON assignment (group_id);

CREATE TABLE exemption (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    -- module or agreement.
    kind TEXT NOT NULL,
    slug TEXT NOT NULL,
    -- Until when it was given, if it was not given for good.
    given_before DATE,
    begins_on DATE NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL,
    ends_before DATE,
    end_recorded_at TIMESTAMPTZ,
    end_recorded_by TEXT,
    CHECK (ends_before >= begins_on),
    CHECK ((ends_before IS NULL) = (end_recorded_at IS NULL) AND (ends_before IS NULL) = (end_recorded_by IS NULL))
);
CREATE INDEX exemption_by_person ON exemption (person_id);

-- Why, in words about a person: these may be erased, and are never changed.
CREATE TABLE exemption_reason (
    exemption_id UUID NOT NULL PRIMARY KEY REFERENCES exemption (id),
    reason TEXT NOT NULL
);

CREATE TRIGGER module_version_never_changes BEFORE UPDATE ON module_version
FOR EACH ROW EXECUTE FUNCTION refuse('a published version never changes');
CREATE TRIGGER module_version_never_deleted BEFORE DELETE ON module_version
FOR EACH ROW EXECUTE FUNCTION refuse('a published version is never deleted');
CREATE TRIGGER module_version_no_truncate BEFORE TRUNCATE ON module_version
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a published version is never deleted');

CREATE TRIGGER agreement_version_never_changes BEFORE UPDATE ON agreement_version
FOR EACH ROW EXECUTE FUNCTION refuse('a published version never changes');
CREATE TRIGGER agreement_version_never_deleted BEFORE DELETE ON agreement_version
FOR EACH ROW EXECUTE FUNCTION refuse('a published version is never deleted');
CREATE TRIGGER agreement_version_no_truncate BEFORE TRUNCATE ON agreement_version
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a published version is never deleted');

CREATE TRIGGER programme_version_never_changes BEFORE UPDATE ON programme_version
FOR EACH ROW EXECUTE FUNCTION refuse('a published version never changes');
CREATE TRIGGER programme_version_never_deleted BEFORE DELETE ON programme_version
FOR EACH ROW EXECUTE FUNCTION refuse('a published version is never deleted');
CREATE TRIGGER programme_version_no_truncate BEFORE TRUNCATE ON programme_version
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a published version is never deleted');

CREATE TRIGGER provider_version_never_changes BEFORE UPDATE ON provider_version
FOR EACH ROW EXECUTE FUNCTION refuse('a published version never changes');
CREATE TRIGGER provider_version_never_deleted BEFORE DELETE ON provider_version
FOR EACH ROW EXECUTE FUNCTION refuse('a published version is never deleted');
CREATE TRIGGER provider_version_no_truncate BEFORE TRUNCATE ON provider_version
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a published version is never deleted');

CREATE TRIGGER withdrawal_never_changes BEFORE UPDATE ON withdrawal
FOR EACH ROW EXECUTE FUNCTION refuse('a withdrawal never changes');
CREATE TRIGGER withdrawal_never_deleted BEFORE DELETE ON withdrawal
FOR EACH ROW EXECUTE FUNCTION refuse('a withdrawal is never deleted');
CREATE TRIGGER withdrawal_no_truncate BEFORE TRUNCATE ON withdrawal
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a withdrawal is never deleted');

CREATE TRIGGER assignment_never_changes BEFORE UPDATE OF id, programme, audience, group_id, person_id, begins_on, recorded_at, recorded_by ON assignment
FOR EACH ROW EXECUTE FUNCTION refuse('an assignment never changes');
CREATE TRIGGER assignment_ends_once BEFORE UPDATE ON assignment
FOR EACH ROW
WHEN (OLD.ends_before IS NOT NULL) EXECUTE FUNCTION refuse('an assignment is ended once');
CREATE TRIGGER assignment_never_deleted BEFORE DELETE ON assignment
FOR EACH ROW EXECUTE FUNCTION refuse('an assignment is never deleted');
CREATE TRIGGER assignment_no_truncate BEFORE TRUNCATE ON assignment
FOR EACH STATEMENT EXECUTE FUNCTION refuse('an assignment is never deleted');

CREATE TRIGGER exemption_never_changes BEFORE UPDATE OF id, person_id, kind, slug, given_before, begins_on, recorded_at, recorded_by ON exemption
FOR EACH ROW EXECUTE FUNCTION refuse('an exemption never changes');
CREATE TRIGGER exemption_ends_once BEFORE UPDATE ON exemption
FOR EACH ROW
WHEN (OLD.ends_before IS NOT NULL) EXECUTE FUNCTION refuse('an exemption is ended once');
CREATE TRIGGER exemption_never_deleted BEFORE DELETE ON exemption
FOR EACH ROW EXECUTE FUNCTION refuse('an exemption is never deleted');
CREATE TRIGGER exemption_no_truncate BEFORE TRUNCATE ON exemption
FOR EACH STATEMENT EXECUTE FUNCTION refuse('an exemption is never deleted');

CREATE TRIGGER exemption_reason_never_changes BEFORE UPDATE ON exemption_reason
FOR EACH ROW EXECUTE FUNCTION refuse('the reason of an exemption never changes');

CREATE TRIGGER exemption_revises_person AFTER INSERT OR UPDATE ON exemption
FOR EACH ROW EXECUTE FUNCTION revise_person();

CREATE TRIGGER assignment_revises AFTER INSERT OR UPDATE ON assignment
FOR EACH ROW EXECUTE FUNCTION revise('organised');

CREATE TRIGGER module_version_revises AFTER INSERT ON module_version
FOR EACH ROW EXECUTE FUNCTION revise('published');
CREATE TRIGGER agreement_version_revises AFTER INSERT ON agreement_version
FOR EACH ROW EXECUTE FUNCTION revise('published');
CREATE TRIGGER programme_version_revises AFTER INSERT ON programme_version
FOR EACH ROW EXECUTE FUNCTION revise('published');
CREATE TRIGGER provider_version_revises AFTER INSERT ON provider_version
FOR EACH ROW EXECUTE FUNCTION revise('published');
CREATE TRIGGER withdrawal_revises AFTER INSERT ON withdrawal
FOR EACH ROW EXECUTE FUNCTION revise('published');
