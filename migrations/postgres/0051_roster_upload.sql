-- Files of people that somebody has handed over in a browser, until they are imported or a day has gone by: so that any node can go on.
CREATE TABLE roster_upload (
    -- The import that is made of it has the same.
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    -- As it was called.
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    uploaded_at TIMESTAMPTZ NOT NULL,
    -- Which column is what, and in which order days are written, as somebody has said it: JSON.
    said TEXT NOT NULL,
    -- When somebody had it carried out.
    started_at TIMESTAMPTZ,
    -- When that ended, and why nobody was brought in; null: all were.
    ended_at TIMESTAMPTZ,
    fault TEXT
);
CREATE INDEX roster_upload_by_time ON roster_upload (uploaded_at);

CREATE TABLE roster_upload_piece (
    upload_id UUID NOT NULL REFERENCES roster_upload (id),
    -- Counted from 0. Every piece but the last has 256 KiB.
    place BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (upload_id, place)
);
