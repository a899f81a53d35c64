-- Ways back from the sign-in of another organisation that were taken, and questions that passkeys have answered: each serves once.
CREATE TABLE sign_on_used (
    state_sha256 TEXT NOT NULL PRIMARY KEY,
    used_at DATETIME NOT NULL
) WITHOUT ROWID;
