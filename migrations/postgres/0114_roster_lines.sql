-- Lines of an import that are still to be written, some to a row: a row for each took as long as writing what it says.
DROP TABLE roster_line;
CREATE TABLE roster_line (
    import_id UUID NOT NULL,
    -- The last of them.
    line BIGINT NOT NULL,
    -- How many they are.
    lines BIGINT NOT NULL,
    work TEXT NOT NULL,
    PRIMARY KEY (import_id, line)
);
