-- Views of the matrix that people keep for themselves, by a name of their own. They decide nothing: what each shows is narrowed to what its
-- owner may see whenever it is opened.
CREATE TABLE saved_view (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    name TEXT NOT NULL,
    -- The query of its address, without what comes before it.
    query TEXT NOT NULL,
    saved_at DATETIME NOT NULL,
    UNIQUE (person_id, name)
);
