CREATE TABLE signature (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    agreement TEXT NOT NULL,
    version_sha256 TEXT NOT NULL REFERENCES agreement_version (sha256),
    -- Made when the form is drawn: a replayed form finds its own signature instead of writing a second.
    form_key BLOB NOT NULL UNIQUE,
    person_name TEXT NOT NULL,
    statement TEXT NOT NULL,
    typed_name TEXT NOT NULL,
    sign_in_method TEXT NOT NULL,
    signed_in_at DATETIME NOT NULL,
    signed_at DATETIME NOT NULL,
    expires_at DATETIME
);
CREATE INDEX signature_by_person ON signature (person_id, agreement);

-- The passes that satisfied the gate when it was signed.
CREATE TABLE signature_completion (
    signature_id BLOB NOT NULL REFERENCES signature (id),
    completion_id BLOB NOT NULL REFERENCES completion (id),
    PRIMARY KEY (signature_id, completion_id)
);

CREATE TRIGGER signature_no_update BEFORE UPDATE ON signature
BEGIN SELECT RAISE(ABORT, 'signatures are append-only'); END;
CREATE TRIGGER signature_no_delete BEFORE DELETE ON signature
BEGIN SELECT RAISE(ABORT, 'signatures are append-only'); END;
CREATE TRIGGER signature_no_replace BEFORE INSERT ON signature
WHEN EXISTS (SELECT 1 FROM signature WHERE id = NEW.id OR form_key = NEW.form_key)
BEGIN SELECT RAISE(ABORT, 'signatures are append-only'); END;

CREATE TRIGGER signature_completion_no_update BEFORE UPDATE ON signature_completion
BEGIN SELECT RAISE(ABORT, 'signatures are append-only'); END;
CREATE TRIGGER signature_completion_no_delete BEFORE DELETE ON signature_completion
BEGIN SELECT RAISE(ABORT, 'signatures are append-only'); END;
CREATE TRIGGER signature_completion_no_replace BEFORE INSERT ON signature_completion
WHEN EXISTS (SELECT 1 FROM signature_completion
             WHERE signature_id = NEW.signature_id AND completion_id = NEW.completion_id)
BEGIN SELECT RAISE(ABORT, 'signatures are append-only'); END;

CREATE TRIGGER agreement_version_no_update BEFORE UPDATE ON agreement_version
BEGIN SELECT RAISE(ABORT, 'published versions are append-only'); END;
CREATE TRIGGER agreement_version_no_delete BEFORE DELETE ON agreement_version
BEGIN SELECT RAISE(ABORT, 'published versions are append-only'); END;
CREATE TRIGGER agreement_version_no_replace BEFORE INSERT ON agreement_version
WHEN EXISTS (SELECT 1 FROM agreement_version
             WHERE sha256 = NEW.sha256
                OR (agreement = NEW.agreement AND (number = NEW.number OR version = NEW.version)))
BEGIN SELECT RAISE(ABORT, 'published versions are append-only'); END;
