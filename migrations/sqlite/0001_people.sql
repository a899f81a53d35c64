CREATE TABLE person (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    start_date DATE NOT NULL,
    created_at DATETIME NOT NULL
);

CREATE TABLE person_role (
    person_id BLOB NOT NULL REFERENCES person (id),
    role TEXT NOT NULL,
    PRIMARY KEY (person_id, role)
);

-- A tree: organisation, site, programme, cohort, employer.
CREATE TABLE people_group (
    id BLOB NOT NULL PRIMARY KEY,
    parent_id BLOB REFERENCES people_group (id),
    name TEXT NOT NULL
);

CREATE TABLE group_member (
    group_id BLOB NOT NULL REFERENCES people_group (id),
    person_id BLOB NOT NULL REFERENCES person (id),
    PRIMARY KEY (group_id, person_id)
);
CREATE INDEX group_member_by_person ON group_member (person_id);

CREATE TABLE group_manager (
    group_id BLOB NOT NULL REFERENCES people_group (id),
    person_id BLOB NOT NULL REFERENCES person (id),
    PRIMARY KEY (group_id, person_id)
);
CREATE INDEX group_manager_by_person ON group_manager (person_id);

-- The id of a session is a secret of the browser's; only its SHA-256 is kept.
CREATE TABLE session (
    id_sha256 TEXT NOT NULL PRIMARY KEY,
    person_id BLOB REFERENCES person (id),
    data TEXT NOT NULL,
    expires_at DATETIME NOT NULL
);
CREATE INDEX session_by_person ON session (person_id);
CREATE INDEX session_by_expiry ON session (expires_at);

-- Neither an e-mail address nor a network address stands here, only digests of them, for a day.
CREATE TABLE sign_in_failure (
    id BLOB NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    origin TEXT NOT NULL,
    failed_at DATETIME NOT NULL
);
CREATE INDEX sign_in_failure_by_account ON sign_in_failure (account, failed_at);
CREATE INDEX sign_in_failure_by_origin ON sign_in_failure (origin, failed_at);
CREATE INDEX sign_in_failure_by_time ON sign_in_failure (failed_at);

-- What this installation is, such as a demonstration.
CREATE TABLE installation (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
