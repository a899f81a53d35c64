-- A new revision of what is known of a person, so that nobody goes on with what was known before. One to a transaction is enough: what it has
-- written already nobody else has read, and each is another version of the row.
CREATE OR REPLACE FUNCTION revise_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- NEW is null for what is deleted.
    UPDATE person SET revision = revision + 1
    WHERE id = COALESCE(NEW.person_id, OLD.person_id) AND xmin <> pg_current_xact_id()::xid;
    RETURN NULL;
END $$;

-- The same for what is written for many people at once. The plan is kept from when there were few: it must not read everybody.
CREATE FUNCTION revise_people() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    UPDATE person SET revision = revision + 1
    WHERE id IN (SELECT w.person_id FROM written w) AND xmin <> pg_current_xact_id()::xid;
    RETURN NULL;
END $$;

DROP TRIGGER person_detail_revises_person ON person_detail;
CREATE TRIGGER person_detail_revises_person_on_insert AFTER INSERT ON person_detail
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION revise_people();
CREATE TRIGGER person_detail_revises_person_on_update AFTER UPDATE ON person_detail
FOR EACH ROW EXECUTE FUNCTION revise_person();

DROP TRIGGER stay_revises_person ON stay;
CREATE TRIGGER stay_revises_person_on_insert AFTER INSERT ON stay
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION revise_people();
CREATE TRIGGER stay_revises_person_on_update AFTER UPDATE ON stay
FOR EACH ROW EXECUTE FUNCTION revise_person();

DROP TRIGGER in_audience_revises_person ON in_audience;
CREATE TRIGGER in_audience_revises_person_on_insert AFTER INSERT ON in_audience
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION revise_people();
CREATE TRIGGER in_audience_revises_person_on_update AFTER UPDATE ON in_audience
FOR EACH ROW EXECUTE FUNCTION revise_person();

DROP TRIGGER membership_revises_person ON membership;
CREATE TRIGGER membership_revises_person_on_insert AFTER INSERT ON membership
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION revise_people();
CREATE TRIGGER membership_revises_person_on_update AFTER UPDATE ON membership
FOR EACH ROW EXECUTE FUNCTION revise_person();
