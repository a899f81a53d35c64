-- How long somebody has spent on a module and its quiz since they began, where the provider counts it: one number, which goes when a pass is handed
-- in. It decides nothing.
CREATE TABLE time_on (
    person_id UUID NOT NULL REFERENCES person (id),
    module TEXT NOT NULL,
    seconds BIGINT NOT NULL CHECK (seconds > 0),
    PRIMARY KEY (person_id, module)
);

-- What came of it, beside the completion. It is no part of what a completion says, and for whoever passed alone.
CREATE TABLE time_spent (
    completion_id UUID NOT NULL PRIMARY KEY REFERENCES completion (id),
    minutes BIGINT NOT NULL CHECK (minutes > 0)
);
