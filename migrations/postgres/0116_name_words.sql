-- What people are found by, word by word: those of their names, as lists are put in order by them, and the e-mail address. The triggers keep it;
-- without it whoever looks for a name reads everybody's. Beginnings of words are found in the order of their bytes.
CREATE TABLE name_word (
    word TEXT COLLATE "C" NOT NULL,
    person_id UUID NOT NULL,
    -- What they are put in order by.
    name_key TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (word, person_id)
);
CREATE INDEX name_word_by_person ON name_word (person_id);

INSERT INTO name_word (word, person_id, name_key)
SELECT w.word, d.person_id, d.name_key FROM person_detail d CROSS JOIN unnest(string_to_array(d.name_key, ' ')) AS w (word) WHERE w.word <> ''
UNION SELECT d.email, d.person_id, d.name_key FROM person_detail d WHERE d.email IS NOT NULL;

CREATE FUNCTION keep_new_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO name_word (word, person_id, name_key)
    SELECT w.word, d.person_id, d.name_key FROM written d CROSS JOIN unnest(string_to_array(d.name_key, ' ')) AS w (word) WHERE w.word <> ''
    UNION SELECT d.email, d.person_id, d.name_key FROM written d WHERE d.email IS NOT NULL;
    RETURN NULL;
END $$;

CREATE FUNCTION keep_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM name_word WHERE person_id = OLD.person_id;
    -- NEW is null for what is deleted.
    INSERT INTO name_word (word, person_id, name_key)
    SELECT w.word, NEW.person_id, NEW.name_key FROM unnest(string_to_array(NEW.name_key, ' ')) AS w (word) WHERE w.word <> ''
    UNION SELECT NEW.email, NEW.person_id, NEW.name_key WHERE NEW.email IS NOT NULL;
    RETURN NULL;
END $$;

CREATE TRIGGER person_detail_has_words_on_insert AFTER INSERT ON person_detail
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION keep_new_words();
CREATE TRIGGER person_detail_has_words_on_update AFTER UPDATE OF name_key, email ON person_detail
FOR EACH ROW EXECUTE FUNCTION keep_words();
CREATE TRIGGER person_detail_has_words_on_delete AFTER DELETE ON person_detail
FOR EACH ROW EXECUTE FUNCTION keep_words();
