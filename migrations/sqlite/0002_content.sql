-- Every version ever published, as the very bytes that its digest is of.
CREATE TABLE module_version (
    sha256 TEXT NOT NULL PRIMARY KEY,
    module TEXT NOT NULL,
    number BIGINT NOT NULL,
    edition BIGINT NOT NULL,
    title TEXT NOT NULL,
    canonical TEXT NOT NULL,
    published_at DATETIME NOT NULL,
    UNIQUE (module, number)
);

CREATE TABLE agreement_version (
    sha256 TEXT NOT NULL PRIMARY KEY,
    agreement TEXT NOT NULL,
    number BIGINT NOT NULL,
    version TEXT NOT NULL,
    title TEXT NOT NULL,
    canonical TEXT NOT NULL,
    published_at DATETIME NOT NULL,
    UNIQUE (agreement, number),
    UNIQUE (agreement, version)
);
