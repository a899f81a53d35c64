CREATE TABLE signature (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    agreement TEXT NOT NULL,
    version_sha256 TEXT NOT NULL REFERENCES agreement_version (sha256),
    -- Made when the form is drawn: a replayed form finds its own signature instead of writing a second.
    form_key UUID NOT NULL UNIQUE,
    person_name TEXT NOT NULL,
    statement TEXT NOT NULL,
    typed_name TEXT NOT NULL,
    sign_in_method TEXT NOT NULL,
    signed_in_at TIMESTAMPTZ NOT NULL,
    signed_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ
);
CREATE INDEX signature_by_person ON signature (person_id, agreement);

-- The passes that satisfied the gate when it was signed.
CREATE TABLE signature_completion (
    signature_id UUID NOT NULL REFERENCES signature (id),
    completion_id UUID NOT NULL REFERENCES completion (id),
    PRIMARY KEY (signature_id, completion_id)
);

CREATE TRIGGER signature_append_only BEFORE UPDATE OR DELETE ON signature
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER signature_no_truncate BEFORE TRUNCATE ON signature
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER signature_completion_append_only BEFORE UPDATE OR DELETE ON signature_completion
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER signature_completion_no_truncate BEFORE TRUNCATE ON signature_completion
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER agreement_version_append_only BEFORE UPDATE OR DELETE ON agreement_version
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER agreement_version_no_truncate BEFORE TRUNCATE ON agreement_version
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
