CREATE TABLE signature (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    agreement TEXT NOT NULL,
    version BIGINT NOT NULL,
    -- Made when the form is drawn: a replayed form finds its own signature instead of writing a second.
    form_key UUID NOT NULL UNIQUE,
    statement TEXT NOT NULL,
    sign_in_method TEXT NOT NULL,
    signed_in_at TIMESTAMPTZ NOT NULL,
    signed_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ,
    FOREIGN KEY (agreement, version) REFERENCES agreement_version (agreement, number),
    UNIQUE (id, person_id)
);
CREATE INDEX signature_by_person ON signature (person_id, agreement);

-- What is about the signer and decides nothing: it may be erased, and is never changed.
CREATE TABLE signature_words (
    signature_id UUID NOT NULL PRIMARY KEY REFERENCES signature (id),
    -- Their name at that moment, as the provider knew it.
    person_name TEXT NOT NULL,
    typed_name TEXT NOT NULL,
    -- Whether they were asked if that is their name, because it shares no word with the other, and said that it is.
    confirmed BOOLEAN NOT NULL
);

-- The passes that satisfied the gate when it was signed.
CREATE TABLE signature_completion (
    signature_id UUID NOT NULL,
    completion_id UUID NOT NULL,
    -- The signer: a pass of somebody else opens no gate.
    person_id UUID NOT NULL,
    PRIMARY KEY (signature_id, completion_id),
    FOREIGN KEY (signature_id, person_id) REFERENCES signature (id, person_id),
    FOREIGN KEY (completion_id, person_id) REFERENCES completion (id, person_id)
);
CREATE INDEX signature_completion_by_person ON signature_completion (person_id, completion_id);

CREATE TRIGGER signature_never_changes BEFORE UPDATE ON signature
FOR EACH ROW EXECUTE FUNCTION refuse('a signature never changes');
CREATE TRIGGER signature_never_deleted BEFORE DELETE ON signature
FOR EACH ROW EXECUTE FUNCTION refuse('a signature is never deleted');
CREATE TRIGGER signature_no_truncate BEFORE TRUNCATE ON signature
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a signature is never deleted');

CREATE TRIGGER signature_words_never_changes BEFORE UPDATE ON signature_words
FOR EACH ROW EXECUTE FUNCTION refuse('what a signer was called never changes');

CREATE TRIGGER signature_completion_never_changes BEFORE UPDATE ON signature_completion
FOR EACH ROW EXECUTE FUNCTION refuse('what a signature stands on never changes');
CREATE TRIGGER signature_completion_never_deleted BEFORE DELETE ON signature_completion
FOR EACH ROW EXECUTE FUNCTION refuse('what a signature stands on is never deleted');
CREATE TRIGGER signature_completion_no_truncate BEFORE TRUNCATE ON signature_completion
FOR EACH STATEMENT EXECUTE FUNCTION refuse('what a signature stands on is never deleted');

CREATE TRIGGER signature_revises_person AFTER INSERT ON signature
FOR EACH ROW EXECUTE FUNCTION revise_person();

CREATE FUNCTION revise_signer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE person SET revision = revision + 1 WHERE id = (SELECT person_id FROM signature WHERE id = OLD.signature_id);
    RETURN NULL;
END $$;
CREATE TRIGGER signature_words_revises_person_on_delete AFTER DELETE ON signature_words
FOR EACH ROW EXECUTE FUNCTION revise_signer();
