-- In which words somebody reads: those of a twin, by the name of its folder. Who has no row reads what was written first. It decides
-- nothing, may be changed as often as they like, and is erased with them.
CREATE TABLE chosen_twin (
    person_id UUID NOT NULL PRIMARY KEY REFERENCES person (id),
    twin TEXT NOT NULL
);

CREATE TRIGGER chosen_twin_revises_person AFTER INSERT OR UPDATE ON chosen_twin
FOR EACH ROW EXECUTE FUNCTION revise_person();
CREATE TRIGGER chosen_twin_revises_person_on_delete AFTER DELETE ON chosen_twin
FOR EACH ROW EXECUTE FUNCTION revise_person();

-- The words in which it was begun, and in the end those in which it was handed in, passed or signed; null for what was written first.
ALTER TABLE attempt ADD COLUMN twin TEXT;
ALTER TABLE completion ADD COLUMN twin TEXT;
ALTER TABLE signature ADD COLUMN twin TEXT;
