-- That whoever owns modules or agreements was told which of them are to be reviewed: once a week, which is named by its Monday.
CREATE TABLE review_digest (
    person_id BLOB NOT NULL REFERENCES person (id),
    week DATE NOT NULL,
    planned_at DATETIME NOT NULL,
    -- The letter, which is forgotten sooner.
    letter_id BLOB NOT NULL,
    PRIMARY KEY (person_id, week)
) WITHOUT ROWID;
CREATE INDEX review_digest_by_week ON review_digest (week);
