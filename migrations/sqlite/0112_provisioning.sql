-- Who was taken out by the system of the provider's that says who is here. To it they are gone, as its protocol has it (RFC 7644, section 3.6);
-- everything that they did stays. The row goes when that system brings them in again, and with them.
CREATE TABLE unprovisioned (
    person_id BLOB NOT NULL PRIMARY KEY REFERENCES person (id),
    taken_out_at DATETIME NOT NULL
);

-- What that system knows a group by.
CREATE TABLE group_known_as (
    group_id BLOB NOT NULL PRIMARY KEY REFERENCES people_group (id),
    external_id TEXT NOT NULL UNIQUE
);
