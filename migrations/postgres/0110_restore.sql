-- While a row is here this database is being filled from a back-up, and nobody goes on with it: whoever is stopped meanwhile leaves one that must
-- not be used, because what was erased since the back-up may still be in it.
CREATE TABLE restore_under_way (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    begun_at TIMESTAMPTZ NOT NULL
);
