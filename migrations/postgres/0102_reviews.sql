-- That whoever owns modules or agreements was told which of them are to be reviewed: once a week, which is named by its Monday.
CREATE TABLE review_digest (
    person_id UUID NOT NULL REFERENCES person (id),
    week DATE NOT NULL,
    planned_at TIMESTAMPTZ NOT NULL,
    -- The letter, which is forgotten sooner.
    letter_id UUID NOT NULL,
    PRIMARY KEY (person_id, week)
);
CREATE INDEX review_digest_by_week ON review_digest (week);
