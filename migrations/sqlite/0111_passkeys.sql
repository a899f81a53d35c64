-- What somebody signs in with in place of a password and a code. It goes when its owner takes it away, and with them.
CREATE TABLE passkey (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    -- By what browsers know it, in base64url.
    credential_id TEXT NOT NULL UNIQUE,
    -- The public half, with its kind.
    public_key TEXT NOT NULL,
    -- What its owner calls it.
    name TEXT NOT NULL,
    -- How often it has signed, if it counts that: a lower number later shows a copy.
    sign_count BIGINT NOT NULL,
    made_at DATETIME NOT NULL,
    last_used_at DATETIME
);
CREATE INDEX passkey_by_person ON passkey (person_id);
