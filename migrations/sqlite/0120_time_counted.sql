-- Up to when it was last counted how long somebody spends on modules, of whichever module: no more can be added than has gone by since, however many
-- pages and devices say that they were open. One moment for each person, which goes with the last number that is being counted of theirs.
CREATE TABLE time_counted (
    person_id BLOB NOT NULL PRIMARY KEY REFERENCES person (id),
    counted_to DATETIME NOT NULL
);
